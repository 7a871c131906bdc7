import type { Reference } from '../reference.ts'

export type Option = {
  value: string
  label: string
  tone?: string | null
  isActive?: boolean
  /** Why it cannot be chosen, where it is neither switched off nor somebody who left. */
  refusal?: string
  /** Whether it is a person. */
  isPerson?: boolean
  /** How many stand above it in a tree; a list to choose from shows it by as many blanks. */
  depth?: number
}

/** Options are asked for with every row of a file; they are the same as long as the reference data is. */
function kept(make: (reference: Reference) => Option[]) {
  const held = new WeakMap<Reference, Option[]>()
  return (reference: Reference): Option[] => {
    const options = held.get(reference) ?? make(reference)
    held.set(reference, options)
    return options
  }
}

/** What a field may be, as the reference data stands; of a dictionary its name goes with it. */
export type Options = { (reference: Reference): Option[]; dictionary?: string }

/** The options of a dictionary: active entries, and switched-off ones marked so that only old records keep them. */
export const entriesOf = (dictionary: string): Options =>
  Object.assign(
    kept((reference) =>
      reference.dictionary(dictionary).map((entry) => ({
        value: String(entry.id),
        label: entry.label,
        tone: entry.tone,
        isActive: entry.is_active,
      })),
    ),
    { dictionary },
  )

export const peopleOptions = kept((reference) =>
  reference.people.map((person) => ({
    value: String(person.id),
    label: person.name,
    isActive: person.status !== 'left',
    isPerson: true,
  })),
)

export const departmentOptions = (reference: Reference) =>
  reference.departments.map(({ id, name, depth }) => ({ value: String(id), label: name, depth }))
