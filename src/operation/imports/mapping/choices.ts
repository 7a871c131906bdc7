import type { FastifyRequest } from 'fastify'
import { foldKey } from '../../../kernel/db/fold-key.ts'
import type { Reference } from '../../../kernel/reference.ts'
import { type Body, typedIn } from '../../../kernel/web/form.ts'
import { showCount } from '../../../kernel/web/formatting.ts'
import { text } from '../../../texts/index.ts'
import { type Evidence, evidences } from '../checking/existing.ts'
import { type Example, existingRows } from '../checking/findings.ts'
import { entryLabelled, type UnknownValue } from '../checking/unknown-values.ts'
import type { ExistingChoice, Import } from '../import.ts'
import { askedTarget, dictionaryOf, type ImportKind } from '../kind.ts'
import { kindOf } from '../kinds.ts'
import { mayChoose, mayChooseAll } from '../rights.ts'

const { unknown: labels, existing: existingTexts } = text.imports
const nameOf = (index: number) => `value_${index}`
const choices: ExistingChoice[] = ['skip', 'fill', 'overwrite', 'add']

/**
 * What is proposed. A bookkeeper's telephone is that of many companies: left out, a customer would be lost and nobody see
 * it; written over, two would be one. One too many stands in the list of duplicates, and the import can be undone.
 */
const proposed = { existing: 'skip', phone: 'add', codes: 'add' } as const
type Question = keyof typeof proposed

type Option = { value: string; label: string }

type Asked = { kind: ImportKind; reference: Reference; canMake: boolean }

function optionsFor({ field, label }: UnknownValue, { kind, reference, canMake }: Asked): Option[] {
  const target = askedTarget(kind, field)
  const empty = { value: 'empty', label: target?.isOwner ? labels.importer : labels.empty }
  const dictionary = dictionaryOf(target)
  if (dictionary === undefined) {
    const present = reference.people.filter(({ status }) => status !== 'left')
    return [empty, ...present.map(({ id, name }) => ({ value: String(id), label: name }))]
  }
  const isNew = canMake && !entryLabelled(reference, dictionary, label)
  const entries = reference.dictionary(dictionary).map((entry) => ({
    value: String(entry.id),
    label: entry.is_active ? entry.label : labels.inactive(entry.label),
  }))
  return [...(isNew ? [{ value: 'make', label: labels.make }] : []), empty, ...entries]
}

/** The questions of a checked import, as views/operation/imports/show.eta wants them. */
export function choicesView(request: FastifyRequest, one: Import, reference: Reference) {
  const asked = { kind: kindOf(one), reference, canMake: request.can('dictionaries.create') }
  const unknown = one.unknown_values.map((value, index) => {
    const options = optionsFor(value, asked)
    const chosen = options.some((option) => option.value === value.choice) ? value.choice : 'empty'
    return {
      id: `import-${nameOf(index)}`,
      name: nameOf(index),
      field: askedTarget(asked.kind, value.field)?.label ?? '',
      label: value.label,
      rows: showCount(value.rows),
      note: value.isNear && chosen === value.choice ? labels.near : null,
      options: options.map((option) => ({ ...option, isSelected: option.value === chosen })),
    }
  })
  return { unknown, existing: existingViews(request, one) }
}

/** Rows whose record is known, and rows of which only the telephone number is, are two questions: the latter prove little. */
function existingViews(request: FastifyRequest, one: Import) {
  const { known, alike } = existingRows(one)
  return [
    ...(known > 0 ? [knownView(request, one, known)] : []),
    ...(alike > 0 ? [alikeView(request, one, alike)] : []),
    ...(one.evidence.codes ? [codesView(request, one, one.evidence.codes)] : []),
  ]
}

function knownView(request: FastifyRequest, one: Import, count: number) {
  const rows = showCount(count)
  const parts = evidences.flatMap((how) => {
    const finding = how === 'phone' ? undefined : one.evidence[how]
    return finding ? [existingTexts.part(evidenceLabel(one, how), showCount(finding.rows))] : []
  })
  const coded = one.evidence.code?.rows ?? 0
  return {
    title: existingTexts.title(rows),
    found: existingTexts.found(parts),
    examples: namedOtherwise(one).map((example) => exampleView(one, example, existingTexts.example)),
    ...optionsOf(request, one, 'existing', existingTexts.choices, rows),
    note: coded > 0 ? existingTexts.addNote(showCount(coded), evidenceLabel(one, 'code')) : null,
  }
}

function alikeView(request: FastifyRequest, one: Import, count: number) {
  const texts = existingTexts.alike
  const examples = (one.evidence.phone?.examples ?? []).map((example) => exampleView(one, example, texts.example))
  const more = examples.slice(shown)
  const unlisted = showCount(count - examples.length)
  return {
    title: texts.title(showCount(count)),
    found: texts.found,
    examples: examples.slice(0, shown),
    more: more.length > 0 ? { title: texts.more(showCount(more.length), unlisted), examples: more } : null,
    ...optionsOf(request, one, 'phone', texts.choices, showCount(count)),
    note: null,
  }
}

function codesView(request: FastifyRequest, one: Import, { rows, examples }: NonNullable<Import['evidence']['codes']>) {
  const texts = existingTexts.codes
  const count = showCount(rows)
  return {
    title: texts.title(count),
    found: texts.found,
    examples: examples.map(({ number, name, label = '', written = '' }) => ({
      text: texts.example(String(number), name, written),
      other: texts.earlier(label),
      href: null,
    })),
    ...optionsOf(request, one, 'codes', texts.choices, count),
    note: null,
  }
}

/** The rest of the examples is folded. */
const shown = 5

type Labels = Partial<Record<ExistingChoice, (rows: string) => string>>

function optionsOf(request: FastifyRequest, one: Import, question: Question, labels: Labels, rows: string) {
  const options = Object.entries(labels).map(([choice, label]) => ({
    value: choice as ExistingChoice,
    label: label(rows),
    isChosen: choice === proposed[question],
  }))
  return { name: question, options: options.filter(({ value }) => mayChoose(request, one, value)) }
}

const evidenceLabel = (one: Import, how: Evidence) => kindOf(one).words.evidence[how] ?? how

/** Examples of rows whose record has another name: those a person wants to look at. */
const namedOtherwise = ({ evidence }: Import) =>
  evidences
    .filter((how) => how !== 'phone')
    .flatMap((how) => evidence[how]?.examples ?? [])
    .filter(({ name, other }) => other && foldKey(name) !== foldKey(other.name))

/** Records that this person may not see have no name here. */
const exampleView = (one: Import, { number, name, other }: Example, say: typeof existingTexts.example) => ({
  text: say(String(number), name),
  other: other?.name ?? kindOf(one).words.others,
  href: other ? kindOf(one).hrefOf(other.id) : null,
})

/** What was answered; a refusal (422) where it is not this person's to choose. */
export function readChoices(request: FastifyRequest, one: Import, reference: Reference) {
  const body = request.body as Body
  const asked = { kind: kindOf(one), reference, canMake: request.can('dictionaries.create') }
  const chosen = (question: Question) =>
    choices.find((choice) => choice === typedIn(body, question)) ?? proposed[question]
  const about = { existing_choice: chosen('existing'), phone_choice: chosen('phone') }
  mayChooseAll(request, one, about)
  const unknown_values = one.unknown_values.map((value, index) => {
    const typed = typedIn(body, nameOf(index)) || value.choice
    const isOffered = optionsFor(value, asked).some((option) => option.value === typed)
    return { ...value, choice: isOffered ? typed : 'empty' }
  })
  const columns = { ...one.columns, partsCodes: one.evidence.codes !== undefined && chosen('codes') === 'add' }
  return { ...about, columns, unknown_values }
}
