import { customerFields } from '../customers/fields.ts'
import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'

/** What a person writes, as it is compared: without width, case and blanks. */
export const nameKey = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, '')

/** The form's value behind each name; null where several have the name. */
type Values = Map<string, string | null>

const held = new WeakMap<Reference, Map<string, Values>>()

/** The form's value of a choice that is written as its name; throws a sentence when there is none, or several. */
export function valueNamed(reference: Reference, field: string, written: string): string {
  const value = namesOf(reference).get(field)?.get(nameKey(written))
  if (value === undefined) throw text.imports.unknownName
  if (value === null) throw field === 'owner_id' ? text.imports.severalPeople : text.imports.severalNames
  return value
}

/** Whether a field is a choice, whose names must be looked up. */
export const hasNames = (reference: Reference, field: string) => namesOf(reference).has(field)

function namesOf(reference: Reference) {
  const names = held.get(reference) ?? readNames(reference)
  held.set(reference, names)
  return names
}

function readNames(reference: Reference): Map<string, Values> {
  const names = new Map<string, Values>()
  for (const { name, options } of customerFields) {
    if (options) names.set(name, byName(options(reference).filter(({ isActive }) => isActive !== false)))
  }
  addOthers(names.get('kind'), text.imports.kinds)
  addOthers(names.get('sex'), text.imports.sexes)
  for (const { id, username, status } of reference.people) {
    if (status !== 'left') names.get('owner_id')?.set(nameKey(username), String(id))
  }
  return names
}

function byName(options: { value: string; label: string }[]): Values {
  const values: Values = new Map()
  for (const { value, label } of options) values.set(nameKey(label), values.has(nameKey(label)) ? null : value)
  return values
}

function addOthers(values: Values | undefined, others: Record<string, string[]>) {
  for (const [value, names] of Object.entries(others)) for (const name of names) values?.set(nameKey(name), value)
}
