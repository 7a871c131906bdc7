import type { FastifyRequest } from 'fastify'
import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'
import type { FieldError } from '../web/form.ts'
import { showCount, showInstant } from '../web/show.ts'
import { newFormId } from '../web/submissions.ts'
import { choicesView } from './choices.ts'
import { headingKey } from './headings.ts'
import { type Import, stateOf } from './import.ts'
import { stateCell } from './list.ts'
import type { ImportKind } from './targets.ts'

/** The page to choose a file on, as views/shared/_form.eta wants it. */
export function uploadView(kind: ImportKind = 'customers', errors: FieldError[] = []) {
  const kindField = {
    name: 'kind',
    label: text.imports.kindLabel,
    kind: 'radio',
    value: kind,
    isRequired: true,
    isWide: true,
    options: Object.entries(text.imports.kinds).map(([value, label]) => ({ value, label, isSelected: value === kind })),
  }
  const file = {
    name: 'file',
    label: text.imports.file,
    kind: 'file',
    value: '',
    isRequired: true,
    accept: '.xlsx,.csv,.txt',
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
  return { title: text.imports.create, form, errors, helpLines: text.imports.helpLines }
}

/** One import as views/imports/show.eta wants it; `kept` counts the records that could not be undone. */
export function importView(request: FastifyRequest, one: Import, reference: Reference, kept: number) {
  const state = stateOf(one)
  const isAtWork = state === 'checking' || state === 'taking' || state === 'undoing'
  return {
    title: one.file_name,
    card: { title: one.file_name, tags: [stateCell(state)], back: '/imports', facts: factsOf(one, reference) },
    sentence: sentenceOf(one, kept),
    isWarning: state === 'failed' || state === 'interrupted' || state === 'cancelled',
    progress: state === 'taking' ? { value: handled(one), max: one.rows_right } : null,
    refreshHref: isAtWork ? `/imports/${one.id}` : null,
    cancelAction: isAtWork ? `/jobs/${one.job_id}/cancellation` : null,
    execution: executionOf(one),
    choices: state === 'checked' ? choicesView(request, one, reference) : null,
    mappingHref: one.state === 'mapping' || one.state === 'checked' ? `/imports/${one.id}/mapping` : null,
    undoHref: isUndoable(one) ? `/imports/${one.id}/undo` : null,
    wrongRowsHref: one.rows_wrong > 0 && one.stored_name && !isAtWork ? `/imports/${one.id}/wrong-rows.xlsx` : null,
  }
}

const handled = (one: Import) => one.rows_taken + one.rows_changed + one.rows_skipped

/** Whether an import is at rest and did something. */
export const isUndoable = (one: Import) =>
  one.rows_taken + one.rows_changed > 0 &&
  (stateOf(one) === 'done' || (one.state !== 'undone' && ['cancelled', 'interrupted'].includes(stateOf(one))))

function factsOf(one: Import, reference: Reference) {
  const { columns, ignoredHeadings, kinds } = text.imports
  const { headings, targets } = one.columns
  const own = headingKey(columns.reason)
  const ignored = headings.filter((name, index) => name && !targets[index] && headingKey(name) !== own)
  const count = (name: 'rows_right' | 'rows_wrong' | 'rows_taken' | 'rows_changed' | 'rows_skipped') => ({
    label: columns[name],
    text: showCount(one[name]),
  })
  return [
    { label: columns.kind, text: kinds[one.kind] },
    { label: columns.user, text: reference.person(one.user_id)?.name ?? '' },
    { label: columns.created_at, text: showInstant(one.created_at) },
    ...(['rows_right', 'rows_wrong', 'rows_taken', 'rows_changed', 'rows_skipped'] as const).map(count),
    ...(ignored.length > 0 ? [{ label: ignoredHeadings, text: text.common.listed(ignored) }] : []),
  ]
}

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
      return one.rows_right > 0 ? sentences.checked(right, wrong) : sentences.nothingRight(wrong)
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

/** The button: takes the right rows, or goes on with what was stopped. */
function executionOf(one: Import) {
  const state = stateOf(one)
  const isStopped = state === 'cancelled' || state === 'interrupted'
  if (!isStopped && !(state === 'checked' && one.rows_right > 0)) return null
  return {
    action: `/imports/${one.id}/execution`,
    label: isStopped ? text.imports.goOn : text.imports.take(showCount(one.rows_right)),
    note: !isStopped && one.rows_wrong > 0 ? text.imports.wrongNote : null,
  }
}
