import type { FieldGroup } from '../../kernel/web/form.ts'
import { customerFields, customerGroups, personFields } from './fields.ts'

/** The code is made where none is typed; not every province has cities and not every city districts; tags need not fit. */
const neverRequired = new Set(['code', 'city_code', 'district_code', 'tag_ids'])

/** The fields that a company may declare required. */
export const optionalFields = customerFields.filter(({ name, isRequired }) => !isRequired && !neverRequired.has(name))

/** The fields that a company may have its form show at once; those that are required always are. */
export const foldableFields = customerFields.filter(({ isRequired }) => !isRequired)

/** The fields of the form with those required that the settings name; of persons alone what only persons have. */
export function groupsWith(required: readonly string[], kind: unknown): FieldGroup[] {
  if (required.length === 0) return customerGroups
  const isRequired = (name: string) => required.includes(name) && (kind === 'person' || !personFields.has(name))
  return customerGroups.map((group) => ({
    ...group,
    fields: group.fields.map((field) => (isRequired(field.name) ? { ...field, isRequired: true } : field)),
  }))
}
