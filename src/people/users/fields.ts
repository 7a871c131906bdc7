import {
  choice,
  code,
  day,
  email,
  type Field,
  type FieldKind,
  line,
  narrowLine,
  phone,
} from '../../kernel/web/fields.ts'
import { departmentOptions, peopleOptions } from '../../kernel/web/options.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
import { roleOptions, rolesKind } from './roles.ts'

const t = text.users

/** Written one way only, so that one number is not given twice. */
const number: FieldKind = {
  ...narrowLine,
  parse: (typed, field, reference) =>
    String(line.parse(typed.normalize('NFKC').toUpperCase(), field, reference)).replaceAll(' ', ''),
}

/** Kept in NFKC, in which its key is no longer than itself but for İ. */
const username: FieldKind = {
  ...line,
  parse: (typed, field, reference) => {
    const value = String(line.parse(typed, field, reference)).normalize('NFKC')
    if (!/^[\p{L}\p{N}._@-]+$/u.test(value)) throw t.usernameSigns
    return value
  },
}

const codes = (labels: Record<string, string>, tones: Record<string, string> = {}) => {
  const options = Object.entries(labels).map(([value, label]) => ({ value, label, tone: tones[value] }))
  return () => options
}

const statusTones = { active: 'green', on_leave: 'amber', left: 'gray' }

export const fields = {
  name: { name: 'name', label: t.name, kind: line, max: 50, isRequired: true },
  username: { name: 'username', label: t.username, kind: username, max: 30, isRequired: true },
  role: { name: 'role_id', label: t.role, kind: rolesKind, options: roleOptions, isLinked: true },
  number: { name: 'number', label: t.number, kind: number, max: 20 },
  sex: { name: 'sex', label: t.sex, kind: code, options: codes(t.sexes) },
  department: { name: 'department_id', label: t.department, kind: choice, options: departmentOptions },
  superior: { name: 'superior_id', label: t.superior, kind: choice, options: peopleOptions },
  position: { name: 'position', label: t.position, kind: line, max: 50 },
  joinedOn: { name: 'joined_on', label: t.joinedOn, kind: day },
  status: {
    name: 'status',
    label: t.status,
    kind: code,
    options: codes(t.statuses, statusTones),
    isRequired: true,
  },
  mobile: { name: 'mobile', label: t.mobile, kind: phone, max: 30 },
  extension: { name: 'extension', label: t.extension, kind: narrowLine, max: 20 },
  email: { name: 'email', label: t.email, kind: email, max: 100 },
} satisfies Record<string, Field>

/** What a user may change about oneself. */
export const ownFields: Field[] = [fields.mobile, fields.extension, fields.email]

export const personGroup = [
  fields.name,
  fields.number,
  fields.sex,
  fields.department,
  fields.superior,
  fields.position,
  fields.joinedOn,
]

export const userKind: RecordKind = {
  table: 'users',
  fields: Object.values(fields),
  nameOf: (row) => String(row.name),
  parts: { reason: text.transfers.reason },
}
