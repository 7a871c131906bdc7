import type { Reference } from '../../kernel/reference.ts'
import type { Field } from '../../kernel/web/fields.ts'
import {
  type Body,
  type FieldError,
  type FieldGroup,
  fieldError,
  readForm,
  type Values,
} from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { contactField } from '../contacts/fields.ts'

const names = ['name', 'position', 'mobile'] as const
const inForm = (name: string) => `contact_${name}`

const fields: Field[] = names.map((name) => ({ ...contactField(name), name: inForm(name), isRequired: false }))
const [nameField] = fields as [Field]

/** The main contact as a part of the form of a new customer, for those who may add contacts. */
export const firstContactGroup: FieldGroup = { title: text.customers.mainContact, fields }
export const firstContactNames: readonly string[] = fields.map(({ name }) => name)

/** Reads it; null where nothing of it is filled in. */
export function readFirstContact(typed: Body, reference: Reference): { contact: Values | null; errors: FieldError[] } {
  const { values, errors } = readForm(fields, typed, reference)
  const contact = Object.fromEntries(names.map((name) => [name, values[inForm(name)] ?? null]))
  const isAny = Object.values(contact).some((value) => value !== null)
  const missing = isAny && !contact.name ? [fieldError(nameField, text.customers.contactNameMissing)] : []
  return { contact: isAny ? contact : null, errors: [...missing, ...errors] }
}
