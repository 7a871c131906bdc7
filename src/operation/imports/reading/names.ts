import { foldKey } from '../../../kernel/db/fold-key.ts'
import type { Reference } from '../../../kernel/reference.ts'
import { text } from '../../../kernel/texts/index.ts'
import type { Field } from '../../../kernel/web/fields.ts'

/** The form's value behind each name; null where several have the name. */
type Values = Map<string, string | null>

const held = new WeakMap<Reference, Map<string, Values>>()
const { customerKinds, sexes } = text.imports
const others: Record<string, Record<string, string[]>> = { kind: customerKinds, sex: sexes }

/** The form's value of a choice that is written as its name, undefined when there is none; throws a sentence for several. */
export function valueNamed(reference: Reference, field: Field, written: string): string | undefined {
  const names = namesOf(reference, field)
  // As it stands, as a rule.
  const value = names.get(written) ?? names.get(foldKey(written))
  if (value === null) throw field.name === 'owner_id' ? text.imports.severalPeople : text.imports.severalNames
  return value
}

function namesOf(reference: Reference, field: Field): Values {
  const all = held.get(reference) ?? new Map<string, Values>()
  held.set(reference, all)
  const values = all.get(field.name) ?? readNames(reference, field)
  all.set(field.name, values)
  return values
}

function readNames(reference: Reference, { name, options }: Field): Values {
  const values: Values = new Map()
  for (const { value, label, isActive } of options?.(reference) ?? [])
    if (isActive !== false) values.set(foldKey(label), values.has(foldKey(label)) ? null : value)
  for (const [value, names] of Object.entries(others[name] ?? {}))
    for (const other of names) values.set(foldKey(other), value)
  if (name === 'owner_id')
    for (const { id, username, status } of reference.people)
      if (status !== 'left') values.set(foldKey(username), String(id))
  return values
}
