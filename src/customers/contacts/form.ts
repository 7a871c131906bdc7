import type { Reference } from '../../kernel/reference.ts'
import {
  type Body,
  type FieldError,
  fieldError,
  formView,
  readForm,
  type Values,
  withoutFields,
} from '../../kernel/web/form.ts'
import { text } from '../../texts/index.ts'
import { contactField, contactFields, contactGroups } from './fields.ts'

const nothing: ReadonlySet<string> = new Set()

/** Reads a contact out of a form without its `hidden` fields; `before` is the stored one, whose code stays where none is typed. */
export function readContact(body: Body, reference: Reference, before: Values = {}, hidden = nothing) {
  const fields = contactFields.filter(({ name }) => !hidden.has(name))
  const { values, errors }: { values: Values; errors: FieldError[] } = readForm(fields, body, reference, before)
  return { values: { ...values, code: values.code ?? before.code ?? null } as Values, errors }
}

type Parts = {
  typed: Body
  errors?: FieldError[]
  reference: Reference
  formId?: string
  version?: number
  action: string
  cancelHref: string
  hidden?: ReadonlySet<string>
}

export const contactForm = ({ hidden = nothing, ...parts }: Parts) =>
  formView({ id: 'contact', groups: withoutFields(contactGroups, hidden), ...parts })

/** The only thing about a contact that the database itself refuses. */
export const codeTaken: FieldError = fieldError(contactField('code'), text.contacts.codeTaken)
