import { singleLine } from '../../kernel/china/text.ts'
import { check, code, email, type Field, type FieldKind, integer, line, narrowLine } from '../../kernel/web/fields.ts'
import type { FieldGroup } from '../../kernel/web/form.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'

const t = text.mail.account

const hostKind: FieldKind = {
  ...narrowLine,
  parse: (typed) => {
    const host = singleLine(typed).toLowerCase()
    if (!/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$|^\[?[0-9a-f:]+\]?$/.test(host)) throw t.hostShape
    return host.replace(/[[\]]/g, '')
  },
}

const between = (least: number, most: number): FieldKind => ({
  ...integer,
  parse: (typed, field, reference) => {
    const value = integer.parse(typed, field, reference) as number
    if (value < least || value > most) throw t.outside(least, most)
    return value
  },
})

const field = (name: keyof typeof t.fields, kind: FieldKind, more: Partial<Field> = {}): Field => ({
  name,
  label: t.fields[name],
  kind,
  ...more,
})
const securities = () => Object.entries(t.securities).map(([value, label]) => ({ value, label }))

export const passwordField = (isKept: boolean): Field =>
  field(
    'password',
    { ...line, control: 'password', parse: (typed) => typed },
    {
      max: 200,
      hint: isKept ? t.hints.passwordKept : t.hints.password,
      autocomplete: 'new-password',
    },
  )

const server: Field[] = [
  field('host', hostKind, { max: 200, isRequired: true, hint: t.hints.host }),
  field('port', between(1, 65_535), { isRequired: true, hint: t.hints.port }),
  field('security', code, { options: securities, isRequired: true }),
  field('is_certificate_trusted', check, { hint: t.hints.trusted }),
  field('username', narrowLine, { max: 200, hint: t.hints.username }),
]

const sender: Field[] = [
  field('sender_address', email, { max: 100, isRequired: true }),
  field('sender_name', line, { max: 50, hint: t.hints.senderName }),
  field('per_minute', between(1, 600), { isRequired: true, hint: t.hints.perMinute }),
]

/** What is kept of an account, but for the password. */
export const accountFields: Field[] = [...server, ...sender]

export const accountGroups = (isPasswordKept: boolean): FieldGroup[] => [
  { title: t.server, fields: [...server, passwordField(isPasswordKept)] },
  { title: t.sender, fields: sender },
]

export const accountKind: RecordKind = {
  table: 'mail_accounts',
  fields: accountFields,
  nameOf: (row) => (row.user_id === null ? t.company : t.own),
  parts: { password: t.passwordChanged },
}

export const presetAccount = { port: '465', security: 'tls', per_minute: '30' }
