import { today } from '../../kernel/china/clock.ts'
import type { Reference } from '../../kernel/reference.ts'
import {
  type Body,
  type FieldError,
  type FieldGroup,
  fieldError,
  readForm,
  typedIn,
  type Values,
  withoutFields,
  written,
} from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { completeDivisions, divisionViews } from '../../platform/dictionaries/division-fields.ts'
import { text } from '../../texts/index.ts'
import { customerField, customerFields } from './fields.ts'
import { firstContactGroup, firstContactNames } from './first-contact.ts'
import { newTagsField } from './new-tags.ts'
import { groupsWith } from './required-fields.ts'
import { customerErrors } from './rules.ts'

const nothing: ReadonlySet<string> = new Set()

type Read = { values: Values; errors: FieldError[] }

/**
 * Reads a customer out of a form or a row of a file; `before` is the stored one, whose code stays where none is typed,
 * `required` names the fields that the settings require, `hidden` those that the form did not show.
 */
export function readCustomer(
  body: Body,
  reference: Reference,
  before: Values = {},
  { required = [], hidden = nothing }: { required?: readonly string[]; hidden?: ReadonlySet<string> } = {},
): Read {
  const fields = fieldsOf(required, typedIn(body, 'kind'), hidden)
  const { values, errors } = readForm(fields, body, reference, before)
  const divisions = completeDivisions(values, reference)
  errors.push(...divisions.errors, ...customerErrors(values))
  // No copy: every row of a file comes through here.
  Object.assign(values, divisions.values, { code: values.code ?? before.code ?? null })
  return { values, errors }
}

/** Every row of a file is read by them; as a rule they are all fields as they are declared. */
const fieldsOf = (required: readonly string[], kind: string, hidden: ReadonlySet<string>) =>
  required.length === 0 && hidden.size === 0
    ? customerFields
    : withoutFields(groupsWith(required, kind), hidden).flatMap(({ fields }) => fields)

/** What stands in the form of a new customer. */
export function newCustomerTyped(ownerId: number, reference: Reference): Record<string, string> {
  const typed: Record<string, string> = { kind: 'company', registered_on: today(), owner_id: String(ownerId) }
  for (const { name, options } of customerFields) {
    if (!options || !name.endsWith('_id') || name === 'owner_id') continue
    const chosen = options(reference).find(({ value }) => reference.entry(Number(value))?.is_default)
    if (chosen) typed[name] = chosen.value
  }
  return typed
}

export const storedTyped = (customer: Values) => written(customerFields, customer)

type Parts = {
  typed: Body
  required: readonly string[]
  short: readonly string[]
  hidden: ReadonlySet<string>
  canAddTags: boolean
  /** With its main contact. */
  hasContact?: boolean
  errors?: FieldError[]
  reference: Reference
  formId?: string
  version?: number
  action: string
  cancelHref: string
  presets?: Record<string, string>
  otherSubmits?: { name: string; value: string; label: string }[]
}

/** The form of a customer. */
export function customerForm({
  typed,
  errors = [],
  reference,
  required,
  hidden,
  canAddTags,
  hasContact,
  ...rest
}: Parts) {
  const shown = { tags: reference.tags.length > 0, newTags: canAddTags }
  const [basic, ...others] = withoutFields(groupsWith(required, typed.kind), hidden).map((group) =>
    withExtras(group, shown),
  ) as [FieldGroup, ...FieldGroup[]]
  const groups = [basic, ...(hasContact ? [firstContactGroup] : []), ...others]
  const short = [...rest.short, ...firstContactNames, ...(rest.short.includes('tag_ids') ? [newTagsField.name] : [])]
  const view = formView({ id: 'customer', groups, typed, errors, reference, ...rest, short })
  for (const group of view.form.groups)
    for (const field of group.fields) Object.assign(field, divisionViews(field.name, typed, reference))
  return view
}

type Shown = { tags: boolean; newTags: boolean }

/** The fields that stand in a form only where they make sense. */
const withExtras = (group: FieldGroup, shown: Shown): FieldGroup => ({
  ...group,
  fields: group.fields.flatMap((field) => {
    if (field.name === 'tag_ids') return [...(shown.tags ? [field] : []), ...(shown.newTags ? [newTagsField] : [])]
    return [field]
  }),
})

/** The only thing about a customer that the database itself refuses. */
export const codeTaken: FieldError = fieldError(customerField('code'), text.customers.codeTaken)
