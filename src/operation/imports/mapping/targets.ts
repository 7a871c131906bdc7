import { contactFields } from '../../../customers/contacts/fields.ts'
import { customerField, customerFields } from '../../../customers/customers/fields.ts'
import { text } from '../../../kernel/texts/index.ts'
import { keepBoxes } from '../../../kernel/web/field-rules.ts'
import type { Field } from '../../../kernel/web/fields.ts'

export type ImportKind = keyof typeof text.imports.kinds

/** What a column can be: a field of the customer or of the contact of its row. */
export type Target = { key: string; record: 'customer' | 'contact'; name: string; label: string; field?: Field }

/** The columns that say a wrong number is to be kept; in the form they are boxes to tick (kernel/web/field-rules.ts). */
const kept = keepBoxes(customerFields)
export const isKeepBox = (name: string) => kept.some((box) => box.name === name)

const target = (record: Target['record'], field: Field, label = field.label): Target => ({
  key: `${record}.${field.name}`,
  record,
  name: field.name,
  label,
  field,
})

const mainContact = contactFields.filter(({ name }) => name !== 'is_main')

/** Columns that are a part of a field, or several of them (typed.ts). */
const joined = (record: Target['record'], name: keyof typeof text.imports.joined): Target => {
  const label = text.imports.joined[name]
  return { key: `${record}.${name}`, record, name, label }
}
const nameParts = [joined('contact', 'family_name'), joined('contact', 'given_name')]

/** Every target of a kind of import, in the order in which they are offered and stand in the template. */
export const targetsOf: Record<ImportKind, Target[]> = {
  customers: [
    ...customerFields.map((field) => target('customer', field)),
    joined('customer', 'place'),
    ...kept.map((box) => target('customer', box)),
    ...mainContact.map((field) => target('contact', field, text.imports.ofContact(field.label))),
    ...nameParts.map((part) => ({ ...part, label: text.imports.ofContact(part.label) })),
  ],
  contacts: [
    target('customer', customerField('name')),
    target('customer', customerField('code')),
    ...contactFields.map((field) => target('contact', field)),
    ...nameParts,
  ],
}

/** One of the above; undefined for what is none of this kind. */
export const targetNamed = (kind: ImportKind, key: string | null | undefined): Target | undefined =>
  targetsOf[kind].find((target) => target.key === key)

/** Whether columns name somebody, in one or in two of them. */
export const namesContact = (targets: readonly (string | null)[]) =>
  ['contact.name', 'contact.family_name', 'contact.given_name'].some((key) => targets.includes(key))

/** How a target is called where it can be chosen: what a customer and its contact both have says whose it is. */
export function shownLabel(kind: ImportKind, target?: Target): string {
  const { record, name, label = '' } = target ?? {}
  const isShared = kind === 'customers' && record === 'customer' && mainContact.some((field) => field.name === name)
  return isShared ? text.imports.ofCustomer(label) : label
}
