import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'
import type { FieldError } from '../web/form.ts'
import { showCount, showInstant } from '../web/show.ts'
import { newFormId } from '../web/submissions.ts'
import { type Import, isStalled, isWorking } from './import.ts'
import { stateCell } from './list.ts'

/** The page to choose a file on, as views/shared/_form.eta wants it. */
export function uploadView(errors: FieldError[] = []) {
  const file = {
    name: 'file',
    label: text.imports.file,
    kind: 'file',
    value: '',
    isRequired: true,
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
    groups: [{ title: '', fields: [file] }],
    submitLabel: text.imports.upload,
    cancelHref: '/imports',
  }
  return { title: text.imports.create, form, errors, helpLines: text.imports.helpLines }
}

/** One import as views/imports/show.eta wants it. */
export function importView(one: Import, reference: Reference) {
  const isAtWork = isWorking(one) && !isStalled(one)
  return {
    title: one.file_name,
    card: {
      title: one.file_name,
      tags: [stateCell(one.state)],
      back: '/imports',
      facts: factsOf(one, reference),
    },
    sentence: sentenceOf(one),
    isWarning: one.state === 'failed' || isStalled(one),
    progress: isAtWork && one.state === 'taking' ? { value: one.rows_taken, max: one.rows_right } : null,
    refreshHref: isAtWork ? `/imports/${one.id}` : null,
    execution: executionOf(one),
  }
}

function factsOf(one: Import, reference: Reference) {
  const { columns, unknownHeadings } = text.imports
  const unknown: string[] = JSON.parse(one.unknown_headings)
  return [
    { label: columns.user, text: reference.person(one.user_id)?.name ?? '' },
    { label: columns.created_at, text: showInstant(one.created_at) },
    { label: columns.rows_right, text: showCount(one.rows_right) },
    { label: columns.rows_wrong, text: showCount(one.rows_wrong) },
    { label: columns.rows_taken, text: showCount(one.rows_taken) },
    ...(unknown.length > 0 ? [{ label: unknownHeadings, text: text.common.listed(unknown) }] : []),
  ]
}

function sentenceOf(one: Import): string {
  const [right, wrong, taken] = [one.rows_right, one.rows_wrong, one.rows_taken].map(showCount) as [
    string,
    string,
    string,
  ]
  if (isStalled(one)) return [one.failure, text.imports.stalled].filter(Boolean).join(' ')
  if (one.state === 'failed') return one.failure ?? ''
  if (one.state === 'checking') return text.imports.checking(showCount(one.rows_right + one.rows_wrong))
  if (one.state === 'taking') return text.imports.taking(taken, right)
  if (one.state === 'checked') return text.imports.checked(right, wrong)
  return one.rows_taken === 0 ? text.imports.nothingRight(wrong) : text.imports.done(taken, wrong)
}

/** The button: takes the right rows, or goes on with what was interrupted. */
function executionOf(one: Import) {
  if (one.state !== 'checked' && !isStalled(one)) return null
  const label = one.state === 'checked' ? text.imports.take(showCount(one.rows_right)) : text.imports.goOn
  return {
    action: `/imports/${one.id}/execution`,
    label,
    note: one.state === 'checked' && one.rows_wrong > 0 ? text.imports.wrongNote : null,
  }
}
