import { foldKey } from '../../../kernel/db/fold-key.ts'
import type { Reference } from '../../../kernel/reference.ts'
import type { Options } from '../../../kernel/web/options.ts'
import { text } from '../../../texts/index.ts'
import type { Target } from '../kind.ts'

/** The form's value behind each name; null where several have the name. */
type Values = Map<string, string | null>

const held = new WeakMap<Reference, Map<Options | undefined, Values>>()

/** The form's value of a choice that is written as its name, undefined when there is none; throws a sentence for several. */
export function valueNamed(reference: Reference, target: Target, written: string): string | undefined {
  const names = namesOf(reference, target)
  // As it stands, as a rule.
  const value = names.get(written) ?? names.get(foldKey(written))
  if (value === null) throw target.isOwner ? text.imports.severalPeople : text.imports.severalNames
  return value
}

function namesOf(reference: Reference, target: Target): Values {
  const all = held.get(reference) ?? new Map()
  held.set(reference, all)
  const { options } = target.field ?? {}
  const values = all.get(options) ?? readNames(reference, target, options)
  all.set(options, values)
  return values
}

function readNames(reference: Reference, { valueNames = {} }: Target, options: Options | undefined): Values {
  const values: Values = new Map()
  let hasPeople = false
  for (const { value, label, isActive, isPerson } of options?.(reference) ?? []) {
    hasPeople ||= isPerson === true
    if (isActive !== false) values.set(foldKey(label), values.has(foldKey(label)) ? null : value)
  }
  for (const [value, names] of Object.entries(valueNames)) for (const other of names) values.set(foldKey(other), value)
  if (hasPeople)
    for (const { id, username, status } of reference.people)
      if (status !== 'left') values.set(foldKey(username), String(id))
  return values
}
