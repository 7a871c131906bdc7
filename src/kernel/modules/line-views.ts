import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import { fieldView } from '../web/field-view.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, typedIn } from '../web/form.ts'
import type { Viewer } from '../web/viewer.ts'
import { cellName, type TypedLine, type TypedLines } from './line-typed.ts'
import { type Line, lineField, linesIn, sumOf } from './lines.ts'
import { linkParts } from './link-columns.ts'
import { withNames } from './link-names.ts'
import type { Lines, Module, Stored } from './module.ts'

/** So many empty rows a form begins with, and so many come with the button. */
const atFirst = { ofNew: 3, ofOld: 2 }
const atOnce = 5

/** Whether the button for further rows was pressed, of which lines. */
export const moreWanted = ({ lines = [] }: Module, body: Body): string | undefined =>
  lines.find(({ name }) => typedIn(body, 'more') === name)?.name

type Shown = {
  action: string
  isNew: boolean
  isSent: boolean
  more?: string | undefined
  errors?: FieldError[]
  reference: Reference
}

/** The lines of a form as views/shared/_lines.eta wants them, with empty rows behind those that are there. */
export function lineForms(typed: TypedLines[], { action, isNew, isSent, more, errors = [], reference }: Shown) {
  return typed.map(({ lines, rows }) => {
    const { name, label, fields, most } = lines
    const first = isNew ? atFirst.ofNew : atFirst.ofOld
    const extra = more === name ? atOnce : isSent && rows.length > 0 ? 0 : first
    const empty = (): TypedLine => ({ id: '', cells: {}, fields: fields as Field[] })
    const count = Math.min(rows.length + extra, Math.max(most, rows.length))
    const shown = [...rows, ...Array.from({ length: count - rows.length }, empty)]
    return {
      id: `lines-${name}`,
      name,
      label,
      action,
      columns: fields.map(({ label, isRequired = false, kind }) => ({ label, isRequired, align: kind.align })),
      rows: shown.map((row, at) => ({ at, id: row.id, cells: cellsOf(name, row, at, errors, reference) })),
      more: count < most ? text.lines.more(atOnce) : null,
    }
  })
}

/** The cells of a row; what is said of them is said in their row, so they have no hints of their own. */
const cellsOf = (lines: string, { cells, fields }: TypedLine, at: number, errors: FieldError[], reference: Reference) =>
  fields.map((field) => {
    const name = cellName(lines, at, field.name)
    const view = fieldView({ ...field, name }, { [name]: cells[field.name] }, errors, reference)
    return {
      ...view,
      label: text.lines.cell('', at + 1, field.label),
      hint: undefined,
      rule: undefined,
      isRequired: false,
    }
  })

/** The lines of a record with the names of what they point at, as far as this person may see it. */
export const namedLines = async (db: Knex, viewer: Viewer, { lines = [] }: Module, record: Stored) =>
  Promise.all(
    lines.map(async (one) => {
      const [{ lines: fields = [] } = {}] = await withNames(db, viewer, [lineField(one)], [record])
      return { lines: one, fields, rows: linesIn(record[one.name]) }
    }),
  )

type NamedLines = Awaited<ReturnType<typeof namedLines>>[number]

/** A table of lines on a card, with their sums, as views/shared/_below.eta wants it. */
export const lineTable = ({ lines, fields, rows }: NamedLines, reference: Reference) => ({
  title: lines.label,
  columns: fields.map(({ name, label, kind }) => ({ name, label, align: kind.align })),
  rows: [
    ...rows.map((line, at) => ({ id: at, cells: fields.map((field) => cellOf(field, line, reference)) })),
    ...totalRows(lines, fields, rows, reference).map((cells, at) => ({
      id: rows.length + at,
      cells: cells.map((said) => ({ text: said })),
    })),
  ],
  empty: text.lines.none,
})

const cellOf = (field: Field, line: Line, reference: Reference) => ({
  ...linkParts(field.named?.get(Number(line[field.name]))),
  text: field.kind.show(line[field.name], field, reference),
})

/** The same on paper. */
export const lineSection = ({ lines, fields, rows }: NamedLines, reference: Reference) => ({
  title: lines.label,
  table: {
    columns: fields.map(({ label, kind }) => ({ label, kind: kind.align ? ('number' as const) : ('text' as const) })),
    rows: [
      ...rows.map((line) => fields.map((field) => field.kind.show(line[field.name], field, reference))),
      ...totalRows(lines, fields, rows, reference),
    ],
  },
})

function totalRows({ totals = [] }: Lines, fields: Field[], rows: Line[], reference: Reference): string[][] {
  if (totals.length === 0 || rows.length === 0) return []
  const isSummed = (name: string) => totals.some(({ field }) => field === name)
  return [
    fields.map((field, at) => {
      if (isSummed(field.name)) return field.kind.show(sumOf(rows, field.name), field, reference)
      return at === 0 ? text.lines.total : ''
    }),
  ]
}
