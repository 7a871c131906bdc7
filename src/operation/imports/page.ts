import type { FastifyRequest } from 'fastify'
import type { Reference } from '../../kernel/reference.ts'
import type { FieldError } from '../../kernel/web/form.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import { newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { notesOf } from './applying/notes.ts'
import { existingRows } from './checking/findings.ts'
import { type Import, type State, stateOf } from './import.ts'
import type { ImportKind } from './kind.ts'
import { importKinds, kindOf } from './kinds.ts'
import { stateCell } from './list.ts'
import { choicesView } from './mapping/choices.ts'
import { isOwn } from './mapping/preset-targets.ts'
import { createLabel, kindsFor, lacking, mayUndo } from './rights.ts'

/** The page to choose a file on, as views/shared/_form.eta wants it. */
export function uploadView(request: FastifyRequest, asked?: ImportKind, errors: FieldError[] = []) {
  const kinds = kindsFor(request)
  const kind = asked ?? kinds[0]
  const kindField = {
    name: 'kind',
    label: text.imports.kindLabel,
    kind: 'radio',
    value: kind?.name,
    isRequired: true,
    isWide: true,
    options: kinds.map((one) => ({ value: one.name, label: one.words.label, isSelected: one === kind })),
  }
  const file = {
    name: 'file',
    label: text.imports.file,
    kind: 'file',
    value: '',
    isRequired: true,
    accept: '.xlsx,.xls,.xlsm,.xlsb,.et,.ods,.csv,.txt,.xml,.htm,.html,.vcf',
    hint: text.imports.fileHint,
    error: errors[0]?.message,
    isWide: true,
  }
  const form = {
    id: 'import',
    method: 'post',
    action: '/imports',
    enctype: 'multipart/form-data',
    formId: newFormId(),
    version: null,
    groups: [{ title: '', fields: [kindField, file] }],
    submitLabel: text.imports.upload,
    cancelHref: '/imports',
  }
  const allowed = importKinds().filter(({ permission }) => request.can(permission))
  const [first, last] = text.imports.helpLines
  return {
    title: createLabel(request),
    form,
    errors,
    helpLines: [first, ...allowed.flatMap(({ words }) => words.help), last],
    templates: allowed.map(({ template, words }) => ({ href: template, label: words.templateLink })),
  }
}

/** One import as views/operation/imports/show.eta wants it; `kept` counts the records that could not be undone. */
export function importView(request: FastifyRequest, one: Import, reference: Reference, kept: number) {
  const state = stateOf(one)
  const isAtWork = state === 'checking' || state === 'taking' || state === 'undoing'
  return {
    title: one.file_name,
    card: { title: one.file_name, tags: [stateCell(state)], back: '/imports', facts: factsOf(one, reference) },
    sentence: sentenceOf(one, kept),
    isWarning: state === 'failed' || state === 'interrupted' || state === 'cancelled',
    progress: progressOf(one, state),
    refreshHref: isAtWork ? `/imports/${one.id}` : null,
    cancelAction: isAtWork ? `/jobs/${one.job_id}/cancellation` : null,
    notes: isAtWork || state === 'undone' ? [] : notesOf(request, one),
    execution: executionOf(request, one),
    choices: state === 'checked' ? choicesView(request, one, reference) : null,
    links: isAtWork ? [] : linksOf(request, one),
  }
}

/** Where the person may go from here, the likeliest first. */
function linksOf(request: FastifyRequest, one: Import) {
  const { wrongRowsFile, changeMapping, toMapping, seeTaken, again, undo } = text.imports
  const path = `/imports/${one.id}`
  const isPrimary = { kind: 'primary' }
  const link = (isThere: unknown, label: string, href: string, more = {}) => (isThere ? [{ label, href, ...more }] : [])
  return [
    ...link(one.state === 'mapping', toMapping, `${path}/mapping`, isPrimary),
    ...link(one.state === 'done' && one.rows_taken > 0, seeTaken, `${path}/records`, isPrimary),
    ...link(one.rows_wrong > 0 && one.stored_name, wrongRowsFile, `${path}/wrong-rows.xlsx`, { isFile: true }),
    ...link(one.state === 'checked', changeMapping, `${path}/mapping`),
    ...link(one.state === 'failed' || one.rows_wrong > 0, again, '/imports/new'),
    ...link(isUndoable(one) && mayUndo(request, one), undo.act, `${path}/undo`, { kind: 'danger' }),
  ]
}

function progressOf(one: Import, state: State) {
  if (state === 'taking') return { value: handled(one), max: one.rows_right }
  const all = one.rows_taken + one.rows_changed
  return state === 'undoing' && all > 0 ? { value: Math.min(one.rows_undone, all), max: all } : null
}

const handled = (one: Import) => one.rows_taken + one.rows_changed + one.rows_skipped

/** Whether an import is at rest and did something. */
export const isUndoable = (one: Import) =>
  one.rows_taken + one.rows_changed > 0 &&
  (stateOf(one) === 'done' || (one.state !== 'undone' && ['cancelled', 'interrupted'].includes(stateOf(one))))

function factsOf(one: Import, reference: Reference) {
  const { columns, ignoredHeadings } = text.imports
  const { headings, targets } = one.columns
  const ignored = headings.filter((name, index) => name && !targets[index] && !isOwn(name))
  const isTaken = !['mapping', 'checking', 'checked'].includes(one.state)
  const names = ['rows_taken', 'rows_changed', 'rows_skipped', 'rows_wrong'] as const
  const counts = isTaken ? names.map((name) => [columns[name], one[name]] as const) : checkedCounts(one)
  return [
    { label: columns.kind, text: kindOf(one).words.label },
    { label: columns.user, text: reference.person(one.user_id)?.name ?? '' },
    { label: columns.created_at, text: showInstant(one.created_at) },
    ...(one.state === 'mapping' ? [] : counts.map(([label, rows]) => ({ label, text: showCount(rows) }))),
    ...(ignored.length > 0 ? [{ label: ignoredHeadings, text: text.common.listed(ignored) }] : []),
  ]
}

function checkedCounts(one: Import): (readonly [label: string, rows: number])[] {
  const { columns } = text.imports
  const { known, alike } = existingRows(one)
  return [
    [columns.rows_right, one.rows_right],
    [columns.rows_wrong, one.rows_wrong],
    [columns.rows_existing, known],
    ...(alike > 0 ? [[columns.rows_alike, alike] as const] : []),
  ]
}

type Three = [string, string, string]

function sentenceOf(one: Import, kept: number): string {
  const { sentences } = text.imports
  const state = stateOf(one)
  const [right, wrong, taken, changed, skipped] = (
    [one.rows_right, one.rows_wrong, one.rows_taken, one.rows_changed, one.rows_skipped] as number[]
  ).map(showCount) as [string, string, string, string, string]
  switch (state) {
    case 'mapping':
      return sentences.mapping
    case 'checking':
      return sentences.checking(showCount(one.rows_right + one.rows_wrong))
    case 'checked':
      return one.rows_right > 0
        ? `${sentences.checked(right, wrong)}${whatWillBe(one)}`
        : (isMissingOnly(one) ? sentences.onlyMissing : sentences.nothingRight)(wrong)
    case 'taking':
      return sentences.taking(showCount(handled(one)), right)
    case 'done':
      return sentences.done(taken, changed, skipped, wrong)
    case 'undoing':
      return sentences.undoing(showCount(one.rows_undone))
    case 'undone':
      return sentences.undone(showCount(one.rows_undone), showCount(kept))
    case 'cancelled':
      return sentences.cancelled(taken, changed)
    case 'interrupted':
      return [one.job_outcome, sentences.interrupted].filter(Boolean).join(' ')
    default:
      return one.failure ?? ''
  }
}

/** Nothing but that what they hang on is missing keeps the rows out. */
const isMissingOnly = ({ evidence, rows_wrong, columns }: Import) =>
  !columns.makesMissing && evidence.missing?.rows === rows_wrong

/** What taking in would make and meet. */
function whatWillBe(one: Import): string {
  const { known, alike } = existingRows(one)
  const counts = [one.rows_right - one.rows_existing, known, alike].map(showCount) as Three
  return text.imports.sentences.willBe(kindOf(one).words.newOnes, ...counts)
}

/** The button: takes the right rows, or goes on with what was stopped. */
function executionOf(request: FastifyRequest, one: Import) {
  const state = stateOf(one)
  const isStopped = state === 'cancelled' || state === 'interrupted'
  if (!isStopped && !(state === 'checked' && one.rows_right > 0)) return null
  return {
    action: `/imports/${one.id}/execution`,
    label: isStopped ? text.imports.goOn : text.imports.take(showCount(one.rows_right)),
    lacking: lacking(request, one),
    notes: isStopped ? [] : notesBefore(one),
  }
}

function notesBefore(one: Import): string[] {
  return [...(one.rows_wrong > 0 ? [text.imports.wrongNote] : []), ...(kindOf(one).notes?.(one) ?? [])]
}
