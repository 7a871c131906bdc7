import { today } from '../china/clock.ts'
import { customerFields } from '../customers/fields.ts'
import { readCustomer } from '../customers/form.ts'
import type { Reference } from '../reference.ts'
import type { SheetRow } from '../spreadsheets/sheet-reader.ts'
import { text } from '../texts/index.ts'
import { type FieldError, fieldError, type Values } from '../web/form.ts'
import { keptCode } from './kept-code.ts'
import { hasNames, nameKey, valueNamed } from './names.ts'

/** A row of a sheet as a customer; `reasons` say what is wrong with it, none when it can be taken. */
export type ReadRow = { number: number; name: string; values: Values; reasons: string[] }

/** Whom and what a row is read for: `fields` are those of its columns. */
export type RowContext = { fields: (string | null)[]; reference: Reference; ownerId: number }

type Texts = Record<string, string>
const fieldByName = new Map(customerFields.map((field) => [field.name, field]))
const yes = new Set(text.imports.yes.map(nameKey))

/** Reads and checks one row as if it had been typed into the form of a new customer. */
export function readRow({ number, cells }: SheetRow, { fields, reference, ownerId }: RowContext): ReadRow {
  const written = writtenIn(cells, fields)
  const { typed, unknown } = translated(written, reference)
  const preset = { kind: 'company', registered_on: today(), owner_id: String(ownerId) }
  const { values, errors } = readCustomer({ ...preset, ...typed }, reference)
  const known = new Set(unknown.map(({ field }) => field))
  const all = [...unknown, ...errors.filter(({ field }) => !known.has(field))]
  return { number, name: written.name ?? '', values, reasons: all.map((error) => reasonOf(error, written)) }
}

const reasonOf = ({ field, label, message }: FieldError, written: Texts) =>
  text.imports.reason(label, [...(written[field] ?? '')].slice(0, 30).join(''), message)

function writtenIn(cells: string[], fields: (string | null)[]): Texts {
  const written: Texts = {}
  for (const [index, name] of fields.entries()) {
    const cell = cells[index]?.trim()
    if (name && cell) written[name] = cell
  }
  return written
}

/** What would have been typed: the values behind names, days without their time of day. */
function translated(written: Texts, reference: Reference): { typed: Texts; unknown: FieldError[] } {
  const typed: Texts = {}
  const unknown: FieldError[] = []
  for (const [name, cell] of Object.entries(written)) {
    try {
      typed[name] = typedFor(name, cell, reference)
    } catch (sentence) {
      if (typeof sentence !== 'string') throw sentence
      unknown.push(fieldError(fieldByName.get(name) as { name: string; label: string }, sentence))
    }
  }
  return { typed, unknown }
}

function typedFor(name: string, cell: string, reference: Reference): string {
  const field = fieldByName.get(name)
  if (!field) return name === keptCode.name ? String(yes.has(nameKey(cell))) : cell
  if (field.kind.control === 'day') return cell.replace(/[ T]\d{1,2}:\d{2}(:\d{2})?$/, '')
  return hasNames(reference, name) ? valueNamed(reference, name, cell) : cell
}
