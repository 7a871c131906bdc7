import { readContact } from '../../../customers/contacts/form.ts'
import { pinyinKeys } from '../../../customers/contacts/row-values.ts'
import { type Computed, computedOf } from '../../../customers/customers/computed.ts'
import { readCustomer } from '../../../customers/customers/form.ts'
import { targetsInRow } from '../../../customers/imports/nameless-contact.ts'
import type { Parted } from '../../../customers/imports/parted-cells.ts'
import { today } from '../../../kernel/china/clock.ts'
import type { Reference } from '../../../kernel/reference.ts'
import type { Settings } from '../../../kernel/settings/settings.ts'
import { text } from '../../../kernel/texts/index.ts'
import type { FieldError, Values } from '../../../kernel/web/form.ts'
import type { Resolved } from '../checking/unknown-values.ts'
import type { ImportKind, Target } from '../mapping/targets.ts'
import { withoutEmptyWords } from './empty-words.ts'
import type { FileRow } from './records.ts'
import type { Stray } from './strays.ts'
import { typedBy } from './typed.ts'
import { writtenIn } from './written.ts'

export type Texts = Record<string, string>
/** A reason that is none where the record has this value already. */
export type Mistake = { record: Target['record']; field: string; reason: string }
export type Miss = { field: string; label: string; written: string }

/**
 * A row of a file as it would be stored. `given` names the fields that stand in the row, for records that are there
 * already; `reasons` say what is wrong, none when it can be taken; `misses` are names the program does not have.
 */
export type ReadRow = {
  number: number
  name: string
  customer: Values
  contact: Values | null
  given: { customer: string[]; contact: string[] }
  reasons: string[]
  misses: Miss[]
  mistakes?: Mistake[]
  /** What follows from a row that is to be taken in, for what it may add. */
  computed?: { customer?: Computed; contact?: ReturnType<typeof pinyinKeys> }
  /** Cells with several numbers or addresses. */
  parted?: Parted[]
  /** The records whose notes are only what had no room elsewhere. */
  noted?: Target['record'][]
  /** The number of an earlier row with this name and another code. */
  otherCode?: number
  /** It is no record at all. */
  isStray?: boolean
  /** The customer of a contact is not there. */
  lacksCustomer?: boolean
}

/** Whom and what rows are read for: `targets` are those of the columns. `resolved` is missing while they are checked. */
export type RowContext = {
  kind: ImportKind
  targets: (Target | undefined)[]
  reference: Reference
  settings: Settings
  /** What a new customer has of which a row says nothing. */
  presets: ReturnType<typeof presetsOf>
  /** Whether customers may be brought in for others. */
  mayGive: boolean
  resolved?: Resolved
}

/** Reads and checks one row as if it had been typed into the forms of a new customer and a new contact. */
export function readRow(row: FileRow, file: RowContext): ReadRow {
  if (row.stray) return strayRow(row, row.stray)
  const cells = withoutEmptyWords(row.cells, file)
  const targets = file.kind === 'customers' ? targetsInRow(cells, file.targets) : file.targets
  const context = targets === file.targets ? file : { ...file, targets }
  const read: ReadRow = { number: row.number, name: '', customer: {}, contact: null, given, reasons: [], misses: [] }
  const written = writtenIn(cells, context.targets, read)
  const typed = {
    customer: typedBy('customer', written, context, read),
    contact: typedBy('contact', written, context, read),
  }
  const givenOf = (record: Target['record']) =>
    Object.keys(typed[record]).filter((name) => name !== 'notes' || !read.noted?.includes(record))
  read.given = { customer: givenOf('customer'), contact: givenOf('contact') }
  if (row.problem) read.reasons.unshift(text.imports.rowProblems[row.problem])
  if (context.kind === 'customers') readCustomerOf(read, typed.customer, context, written)
  else read.customer = { name: typed.customer.name ?? null, code: typed.customer.code ?? null }
  if (context.kind === 'contacts' || read.given.contact.length > 0) readContactOf(read, typed.contact, context, written)
  if (context.resolved && read.reasons.length === 0) makeReady(read, context)
  read.name = (context.kind === 'customers' ? written['customer.name'] : typed.contact.name) ?? ''
  return read
}

function strayRow({ number, cells }: FileRow, stray: Stray): ReadRow {
  const say = text.imports.strays[stray]
  const reason = typeof say === 'string' ? say : say(beginningOf(cells.findLast(Boolean) ?? ''))
  const name = cells.find(Boolean) ?? ''
  return { number, name, customer: {}, contact: null, given, reasons: [reason], misses: [], isStray: true }
}

const given = { customer: [], contact: [] }

/** Computes what it can of a row beside the writing of others, and leaves out what is empty: a batch is handed over as text. */
function makeReady(read: ReadRow, { kind, settings }: RowContext) {
  const [customer, contact] = [filled(read.customer), read.contact && filled(read.contact)]
  Object.assign(read, { customer, contact })
  if (kind === 'customers') read.computed = { customer: computedOf(customer, contact, settings.areaCode) }
  else if (contact) read.computed = { contact: pinyinKeys(contact) }
}

function filled(values: Values): Values {
  const left: Values = {}
  for (const name in values) if (values[name] !== null) left[name] = values[name]
  return left
}

function readCustomerOf(read: ReadRow, typed: Texts, context: RowContext, written: Texts) {
  const { reference, settings, presets, mayGive } = context
  const body = { ...presets, ...typed }
  if (body.owner_id === '') body.owner_id = presets.owner_id
  if (body.owner_id !== presets.owner_id && !mayGive)
    addReason(read, text.customers.fields.owner_id, written['customer.owner_id'], text.imports.notForOthers)
  const { values, errors } = readCustomer(body, reference, {}, { required: settings.requiredCustomerFields })
  read.customer = values
  for (const error of errors) addError(read, 'customer', error, written)
}

/** Adds what a form says to the reasons; what the record may have all the same is remembered (stored-mistakes.ts). */
function addError(
  read: ReadRow,
  record: Target['record'],
  { field, label, message, isMistake }: FieldError,
  written: Texts,
) {
  const reason = addReason(read, label, written[`${record}.${field}`], message)
  if (isMistake) read.mistakes = [...(read.mistakes ?? []), { record, field, reason }]
}

/** What a new customer has of which a row says nothing. */
export const presetsOf = (ownerId: number) => ({
  kind: 'company',
  registered_on: today(),
  owner_id: String(ownerId),
})

function readContactOf(read: ReadRow, typed: Texts, { kind, reference }: RowContext, written: Texts) {
  const { values, errors } = readContact(typed, reference)
  read.contact = values
  for (const error of errors) {
    const label = kind === 'customers' ? text.imports.ofContact(error.label) : error.label
    const message = error.field === 'name' && !typed.name ? text.imports.contactWithoutName : error.message
    addError(read, 'contact', { ...error, label, message }, written)
  }
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
