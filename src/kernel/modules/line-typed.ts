import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, readForm, switchedOffErrors, typedIn, type Values } from '../web/form.ts'
import type { Viewer } from '../web/viewer.ts'
import { type Line, linesIn, linesText, sumOf } from './lines.ts'
import { lookUpLinks } from './link-typed.ts'
import type { Lines, Module } from './module.ts'

/** A line as it stands in a form: what was typed into its cells, and its fields with the names of what they point at. */
export type TypedLine = { id: string; cells: Body; fields: Field[] }
export type TypedLines = { lines: Lines; rows: TypedLine[] }
type Asked = { db: Knex; viewer: Viewer; reference: Reference; body: Body; before: Values }
type Read = { typed: TypedLines[]; values: Values; errors: FieldError[] }

/** How a cell of a line is called in a form. */
export const cellName = (lines: string, at: number, field: string) => `${lines}-${at}-${field}`

/** Reads the lines of a record out of a form; those the form says nothing of stay as they were. */
export async function readLines({ lines = [] }: Module, asked: Asked): Promise<Read> {
  const read: Read = { typed: [], values: {}, errors: [] }
  for (const one of lines) {
    const rows = rowsIn(one, asked.body, asked.before)
    const { typed, value, errors } = await readRows(one, rows, asked)
    read.typed.push({ lines: one, rows: typed })
    read.values[one.name] = value
    read.errors.push(...errors)
  }
  return read
}

type Row = { id: string; cells: Body }

/** The rows of a form in the order their numbers say, without those that are to go. */
function rowsIn(lines: Lines, body: Body, before: Values): Row[] {
  const { name, fields } = lines
  const places = placesIn(name, body)
  if (places.length === 0) {
    // The screen for two who saved at once sends them as one value.
    const stored = linesIn(name in body ? [body[name]].flat().at(-1) : before[name]).slice(0, lines.most + 1)
    return stored.map((line) => ({
      id: String(line.id ?? ''),
      cells: Object.fromEntries(fields.map((field) => [field.name, field.kind.write(line[field.name])])),
    }))
  }
  // A form offers no more rows than there may be.
  return inPlaces(name, body, places.slice(0, lines.most + 1))
    .filter((at) => typedIn(body, cellName(name, at, 'remove')) !== 'true')
    .map((at) => ({
      id: typedIn(body, cellName(name, at, 'id')),
      cells: Object.fromEntries(
        fields
          .flatMap((field) => [field.name, `${field.name}_pick`])
          .map((cell) => [cell, body[cellName(name, at, cell)]]),
      ),
    }))
}

function placesIn(name: string, body: Body): number[] {
  const sign = new RegExp(`^${name}-(\\d{1,4})-`)
  const found = Object.keys(body).flatMap((key) => sign.exec(key)?.[1] ?? [])
  return [...new Set(found.map(Number))].sort((a, b) => a - b)
}

/** Whoever changes the number of a row means the place where it then stands; the others keep their order around it. */
function inPlaces(name: string, body: Body, places: number[]): number[] {
  const wanted = (at: number) => {
    const typed = typedIn(body, cellName(name, at, 'place'))
    return /^\d{1,4}$/.test(typed) ? Number(typed) : at + 1
  }
  const isMoved = (at: number) => wanted(at) !== at + 1
  const ordered = places.filter((at) => !isMoved(at))
  for (const at of places.filter(isMoved).sort((a, b) => wanted(a) - wanted(b)))
    ordered.splice(Math.max(0, wanted(at) - 1), 0, at)
  return ordered
}

/** A row is there as soon as something stands in one of its cells. */
const isEmpty = ({ cells }: Row, { fields }: Lines) =>
  fields.every(({ name, kind }) => kind.control === 'check' || typedIn(cells, name) === '')

async function readRows(lines: Lines, rows: Row[], { db, viewer, reference, before }: Asked) {
  const { name, label, fields, most, totals = [] } = lines
  const stored = new Map(linesIn(before[name]).map((line) => [String(line.id), line]))
  const typed: TypedLine[] = []
  const filled: Line[] = []
  const errors: FieldError[] = []
  for (const row of rows) {
    const old = stored.get(row.id)
    const looked = await lookUpLinks(db, viewer, fields as Field[], { body: row.cells, before: old ?? {} })
    const at = typed.push({ id: old ? row.id : '', cells: looked.body, fields: looked.fields }) - 1
    if (isEmpty(row, lines) || filled.length >= most) continue
    const { values, errors: wrong } = readForm(looked.fields, looked.body, reference, old ?? {})
    wrong.push(...switchedOffErrors(looked.fields, values, reference, old ?? {}))
    for (const error of wrong)
      errors.push({
        ...error,
        field: cellName(name, at, error.field),
        label: text.lines.cell(label, filled.length + 1, error.label),
      })
    filled.push({ ...(old && { id: old.id as number }), ...values })
  }
  if (rows.filter((row) => !isEmpty(row, lines)).length > most)
    errors.push({ field: cellName(name, 0, fields[0]?.name ?? ''), label, message: text.lines.most(most) })
  for (const { field } of totals)
    if (sumOf(filled, field) === undefined)
      errors.push({ field: cellName(name, 0, field), label, message: text.lines.tooMuch })
  return { typed, value: linesText(lines, filled), errors }
}
