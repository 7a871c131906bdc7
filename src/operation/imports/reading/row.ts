import type { Reference } from '../../../kernel/reference.ts'
import type { Settings } from '../../../kernel/settings/settings.ts'
import type { FieldError, Values } from '../../../kernel/web/form.ts'
import type { Viewer } from '../../../kernel/web/viewer.ts'
import { text } from '../../../texts/index.ts'
import type { Resolved } from '../checking/unknown-values.ts'
import type { ImportKind, Targets } from '../kind.ts'
import { withoutEmptyWords } from './empty-words.ts'
import type { FileRow } from './records.ts'
import type { Stray } from './strays.ts'
import { writtenIn } from './written.ts'

export type Texts = Record<string, string>
/** A reason that is none where the record has this value already. */
export type Mistake = { record: string; field: string; reason: string }
export type Miss = { field: string; label: string; written: string }

/**
 * A cell that held several numbers or addresses. `moved` fields have what was taken out of `field`, the notes have the
 * `rest`; a record that has all of it in that one field, as `whole`, says the same.
 */
export type Parted = {
  record: string
  field: string
  whole: string
  moved: string[]
  rest: string[]
  label: string
  written: string
}

/**
 * A row of a file as it would be stored: the `values` of each of its records, by the names its kind has for them.
 * `given` names the fields that stand in the row, for records that are there already; `reasons` say what is wrong, none
 * when it can be taken; `misses` are names the program does not have.
 */
export type ReadRow = {
  number: number
  /** The last row that is about the same. */
  end?: number
  name: string
  values: { [record: string]: Values | undefined }
  given: { [record: string]: string[] | undefined }
  reasons: string[]
  misses: Miss[]
  mistakes?: Mistake[]
  /** What follows from a row that is to be taken in, for what it may add. */
  computed?: unknown
  /** Cells with several numbers or addresses. */
  parted?: Parted[]
  /** The records whose notes are only what had no room elsewhere. */
  noted?: string[]
  /** An earlier row with this name, and the code by which this one is another. */
  otherCode?: { row: number; code: string }
  /** It is no record at all. */
  isStray?: boolean
  /** The name of what it hangs on, where that is not there. */
  lacks?: string
}

/** Whom and what rows are read for: `targets` are those of the columns. `resolved` is missing while they are checked. */
export type RowContext = {
  kind: ImportKind
  targets: Targets
  reference: Reference
  settings: Settings
  viewer: Viewer
  /** What a new record has of which a row says nothing. */
  presets: Texts
  resolved?: Resolved | undefined
}

/** Reads and checks one row as if it had been typed into the forms of new records. */
export function readRow(row: FileRow, file: RowContext): ReadRow {
  const { kind } = file
  if (row.stray) return strayRow(row, row.stray, kind)
  const cells = withoutEmptyWords(row.cells, file)
  const targets = kind.targetsInRow?.(cells, file.targets) ?? file.targets
  const context = targets === file.targets ? file : { ...file, targets }
  const reasons = row.problem ? [text.imports.rowProblems[row.problem]] : []
  const read: ReadRow = { number: row.number, name: '', values: {}, given: {}, reasons, misses: [] }
  const written = writtenIn(cells, targets, (label, cell, message) => addReason(read, label, cell, message))
  kind.read(read, written, context)
  for (const { number, cells } of row.more ?? []) {
    readMore(read, withoutEmptyWords(cells, file), row, context)
    read.end = number
  }
  if (context.resolved && read.reasons.length === 0) makeReady(read, context)
  return read
}

/** Reads a row that goes on with the one before; what it says of the head must be the same. */
function readMore(read: ReadRow, cells: string[], head: FileRow, context: RowContext) {
  const { kind, targets } = context
  const say = (label: string, cell: string, message: string) => addReason(read, label, cell, message)
  const isLine = (record: string) => kind.lined?.records.includes(record)
  for (const [at, target] of targets.entries())
    if (target && cells[at] && !isLine(target.record) && cells[at] !== head.cells[at])
      say(target.label, cells[at], text.lines.otherHead(head.number))
  kind.readMore?.(read, writtenIn(cells, targets, say), context)
}

function strayRow({ number, cells }: FileRow, stray: Stray, { blank }: ImportKind): ReadRow {
  const say = text.imports.strays[stray]
  const reason = typeof say === 'string' ? say : say(beginningOf(cells.findLast(Boolean) ?? ''))
  const name = cells.find(Boolean) ?? ''
  return { number, name, values: blank, given: {}, reasons: [reason], misses: [], isStray: true }
}

/** Computes what it can of a row beside the writing of others, and leaves out what is empty: a batch is handed over as text. */
function makeReady(read: ReadRow, context: RowContext) {
  for (const record in read.values) read.values[record] = filled(read.values[record] ?? {})
  context.kind.compute?.(read, context)
}

function filled(values: Values): Values {
  const left: Values = {}
  for (const name in values) if (values[name] !== null) left[name] = values[name]
  return left
}

/** The fields of a record that stand in a row; notes that only have what had no room elsewhere are none of them. */
export const givenIn = ({ noted }: ReadRow, record: string, typed: Texts): string[] =>
  Object.keys(typed).filter((name) => name !== 'notes' || !noted?.includes(record))

/** Adds what a form says to the reasons; what the record may have all the same is remembered (stored-mistakes.ts). */
export function addError(read: ReadRow, record: string, error: FieldError, written: Texts) {
  const { field, label, message, isMistake } = error
  const reason = addReason(read, label, written[`${record}.${field}`], message)
  if (isMistake) read.mistakes = [...(read.mistakes ?? []), { record, field, reason }]
}

/** Adds what is wrong with a cell to the reasons of its row, and answers it. */
export function addReason({ reasons }: ReadRow, label: string, written: string | undefined, message: string): string {
  const reason = text.imports.reason(label, beginningOf(written ?? ''), message)
  if (!reasons.includes(reason)) reasons.push(reason)
  return reason
}

const shownOfCell = 30

/** So much of a cell that a person finds it. */
const beginningOf = (cell: string) => [...cell.slice(0, 2 * shownOfCell)].slice(0, shownOfCell).join('')
