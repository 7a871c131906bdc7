import type { ModuleField } from '../../kernel/modules/module.ts'
import { check, code, email, type Field, line, long, phone, postcode } from '../../kernel/web/fields.ts'
import type { FieldGroup } from '../../kernel/web/form.ts'
import { birthday } from '../../kernel/web/ruled-kinds.ts'
import { text } from '../../texts/index.ts'

const labels = text.contacts.fields
const field = (name: keyof typeof labels, kind: Field['kind'], more: Partial<ModuleField> = {}): ModuleField => ({
  name,
  label: labels[name],
  kind,
  ...more,
})
const sexes = () => Object.entries(text.customers.sexes).map(([value, label]) => ({ value, label }))

/** The contact of spec 2.3; which customer it belongs to stands in the address. */
export const contactGroups: (FieldGroup & { fields: ModuleField[] })[] = [
  {
    title: text.contacts.basic,
    fields: [
      field('name', line, { isCopied: true, max: 50, isRequired: true }),
      field('code', line, { max: 40, hint: text.customers.hints.code, isUnique: true }),
      field('nickname', line, { max: 50 }),
      field('sex', code, { options: sexes }),
      field('department', line, { max: 50 }),
      field('position', line, { max: 50 }),
      field('birthday_on', birthday),
      field('is_main', check),
    ],
  },
  {
    title: text.contacts.ways,
    fields: [
      field('mobile', phone, { isCopied: true, max: 100, hint: text.customers.hints.mobile, mask: 'phone' }),
      field('office_phone', phone, { isCopied: true, max: 100, hint: text.customers.hints.phone, mask: 'phone' }),
      field('home_phone', phone, { isCopied: true, max: 100, mask: 'phone' }),
      field('email', email, { isCopied: true, max: 100, mask: 'mail' }),
      field('wechat', line, { isCopied: true, max: 50, mask: 'phone' }),
      field('qq', line, { isCopied: true, max: 50, mask: 'phone' }),
      field('msn', line, { max: 50 }),
      field('address', line, { max: 200 }),
      field('postcode', postcode, { max: 6 }),
      field('notes', long, { max: 4000, isWide: true }),
    ],
  },
]

export const contactFields: ModuleField[] = contactGroups.flatMap((group) => group.fields)
export const contactField = (name: keyof typeof labels): Field =>
  contactFields.find((field) => field.name === name) as Field
