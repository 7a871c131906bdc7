import type { FastifyRequest } from 'fastify'
import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'
import { type Body, typedIn } from '../web/form.ts'
import { Refusal } from '../web/refusal.ts'
import { showCount } from '../web/show.ts'
import { evidences } from './findings.ts'
import type { ExistingChoice, Import } from './import.ts'
import { nameKey } from './names.ts'
import { mayChoose } from './rights.ts'
import { targetNamed } from './targets.ts'
import { dictionaryOf, entryLabelled, type UnknownValue } from './unknown-values.ts'

const { unknown: labels, existing: existingTexts } = text.imports
const nameOf = (index: number) => `value_${index}`
const choices: ExistingChoice[] = ['skip', 'fill', 'overwrite', 'add']

type Option = { value: string; label: string }

function optionsFor({ field, label }: UnknownValue, reference: Reference, canMake: boolean): Option[] {
  const empty = { value: 'empty', label: field === 'owner_id' ? labels.importer : labels.empty }
  const dictionary = dictionaryOf(field)
  if (!dictionary) {
    const present = reference.people.filter(({ status }) => status !== 'left')
    return [empty, ...present.map(({ id, name }) => ({ value: String(id), label: name }))]
  }
  const isNew = canMake && !entryLabelled(reference, field, label)
  const entries = reference.dictionary(dictionary.name).map((entry) => ({
    value: String(entry.id),
    label: entry.is_active ? entry.label : labels.inactive(entry.label),
  }))
  return [...(isNew ? [{ value: 'make', label: labels.make }] : []), empty, ...entries]
}

/** The questions of a checked import, as views/imports/show.eta wants them. */
export function choicesView(request: FastifyRequest, one: Import, reference: Reference) {
  const canMake = request.can('dictionaries.create')
  const unknown = one.unknown_values.map((value, index) => {
    const options = optionsFor(value, reference, canMake)
    const chosen = options.some((option) => option.value === value.choice) ? value.choice : 'empty'
    return {
      id: `import-${nameOf(index)}`,
      name: nameOf(index),
      field: targetNamed(one.kind, `customer.${value.field}`)?.label ?? '',
      label: value.label,
      rows: showCount(value.rows),
      options: options.map((option) => ({ ...option, isSelected: option.value === chosen })),
    }
  })
  return { unknown, existing: one.rows_existing > 0 ? existingView(request, one) : null }
}

function existingView(request: FastifyRequest, one: Import) {
  const rows = showCount(one.rows_existing)
  const parts = evidences.flatMap((how) => {
    const finding = one.evidence[how]
    return finding ? [existingTexts.part(evidenceLabel(one, how), showCount(finding.rows))] : []
  })
  const coded = one.evidence.code?.rows ?? 0
  return {
    title: existingTexts.title(rows),
    found: existingTexts.found(parts),
    examples: namedOtherwise(one),
    options: choices
      .filter((choice) => mayChoose(request, one, choice))
      .map((choice) => ({
        value: choice,
        label: existingTexts.choices[choice](rows),
        isChosen: choice === one.existing_choice,
      })),
    note: coded > 0 ? existingTexts.addNote(showCount(coded)) : null,
  }
}

const evidenceLabel = ({ kind }: Import, how: string) =>
  (kind === 'contacts' ? existingTexts.evidence.name : existingTexts.evidence[how]) ?? how

/** Examples of rows whose record has another name: those a person wants to look at. */
const namedOtherwise = ({ evidence }: Import) =>
  evidences.flatMap((how) =>
    (evidence[how]?.examples ?? [])
      .filter(({ name, other }) => other && nameKey(name) !== nameKey(other.name))
      .map(({ number, name, other }) => ({
        text: existingTexts.example(String(number), name),
        other: other?.name,
        href: `/customers/${other?.id}`,
      })),
  )

/** What was answered; a refusal (422) where it is not this person's to choose. */
export function readChoices(request: FastifyRequest, one: Import, reference: Reference) {
  const body = request.body as Body
  const canMake = request.can('dictionaries.create')
  const existing_choice = choices.find((choice) => choice === typedIn(body, 'existing')) ?? 'skip'
  if (!mayChoose(request, one, existing_choice))
    throw new Refusal({ status: 403, message: text.imports.updateForbidden })
  const unknown_values = one.unknown_values.map((value, index) => {
    const typed = typedIn(body, nameOf(index)) || value.choice
    const isOffered = optionsFor(value, reference, canMake).some((option) => option.value === typed)
    return { ...value, choice: isOffered ? typed : 'empty' }
  })
  return { existing_choice, unknown_values }
}
