import type { Reference } from '../../kernel/reference.ts'
import { refusedAt as refusedIn } from '../../kernel/web/edit.ts'
import type { Field } from '../../kernel/web/fields.ts'
import {
  type Body,
  type FieldError,
  type FieldGroup,
  fieldError,
  readForm,
  switchedOffErrors,
  typedIn,
} from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { fields, ownFields, personGroup } from './fields.ts'
import { newPasswordFields, type PasswordRules, readNewPassword } from './password-rules.ts'
import type { User } from './user.ts'

const t = text.users
const editFields: Field[] = [fields.username, fields.role, fields.status, ...personGroup, ...ownFields]
const newFields = editFields.filter((field) => field !== fields.status)
const neededRole = { ...fields.role, isRequired: true }
const withNeededRole = (among: Field[]) => among.map((field) => (field === fields.role ? neededRole : field))

const groupsWith = (account: Field[], numberHint?: string): FieldGroup[] => [
  { title: t.account, fields: account },
  {
    title: t.person,
    fields: personGroup.map((field) => (field === fields.number ? { ...field, hint: numberHint } : field)),
  },
  { title: t.contact, fields: ownFields },
]

type Typed = {
  typed: Record<string, unknown>
  errors?: FieldError[]
  reference: Reference
  numberHint?: string
  mayAssign: boolean
}
type New = Typed & { rules: PasswordRules; beginning: string }

/** The form of a new user, which says what the account begins with; passwords never come back into it. */
export function newUserForm({ typed, rules, numberHint, mayAssign, beginning, ...rest }: New) {
  const username = mayAssign ? fields.username : { ...fields.username, hint: beginning }
  const account = [username, ...(mayAssign ? [neededRole] : []), ...newPasswordFields(t.initialPassword, rules)]
  const view = formView({
    id: 'user',
    action: '/users',
    groups: groupsWith(account, numberHint),
    typed: withoutPasswords(typed),
    formId: typedIn(typed, 'form_id') || newFormId(),
    hidden: { preset_number: typedIn(typed, 'preset_number') },
    cancelHref: '/users',
    ...rest,
  })
  return { title: t.new, ...view }
}

export function editUserForm(user: User, { version, numberHint, mayAssign, ...rest }: Typed & { version: number }) {
  const address = `/users/${user.id}`
  const role = user.role_id ? neededRole : fields.role
  const account = [fields.username, ...(mayAssign ? [role] : []), fields.status]
  const view = formView({
    id: 'user',
    action: address,
    groups: groupsWith(account, numberHint),
    version,
    cancelHref: address,
    ...rest,
  })
  return { title: t.edit(user.name), ...view }
}

/** Without the right to give roles one's form leaves them as they are, or as the company lets a new user begin. */
export const rolesKept = (body: Body, mayAssign: boolean, kept: string | null): Body =>
  mayAssign ? body : { ...body, role_id: kept }

export const withoutPasswords = (typed: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(typed).filter(([name]) => !name.startsWith('password')))

/** Reads the form of a new user, with the password typed twice. */
export function readNewUser(body: Body, reference: Reference, rules: PasswordRules, mayAssign: boolean) {
  const { values, errors } = readForm(mayAssign ? withNeededRole(newFields) : newFields, body, reference)
  errors.push(...switchedOffErrors([fields.superior], values, reference))
  const whole = { ...rules, username: String(values.username ?? '') }
  const typed = readNewPassword(body, newPasswordFields(t.initialPassword, rules), whole)
  return { values, password: typed.password, errors: [...errors, ...typed.errors] }
}

/** Reads the form of a user that there is. Leaving and coming back have pages of their own. */
export function readUser(body: Body, reference: Reference, before: User) {
  const asked = before.role_id ? withNeededRole(editFields) : editFields
  const { values, errors } = readForm(asked, body, reference, before)
  errors.push(...switchedOffErrors([fields.superior], values, reference, before))
  if (values.status && values.status !== before.status) {
    if (values.status === 'left') errors.push(fieldError(fields.status, t.leaveByClosure))
    if (before.status === 'left') errors.push(fieldError(fields.status, t.returnByReopening))
  }
  return { values, errors }
}

/** What a domain function refused at a field, as the form shows it; anything else is thrown on. */
export const refusedAt = (error: unknown): FieldError[] => refusedIn({ fields: editFields }, error)
