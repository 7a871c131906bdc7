import { singleLine } from '../china/text.ts'
import { readTable } from '../spreadsheets/read-table.ts'
import type { TableRow } from '../spreadsheets/table-row.ts'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import { knownTarget } from './headings.ts'
import type { ImportKind } from './targets.ts'

/**
 * The headings of a file, the number of their row, and the first values of each column. `titles` stand above them; a row
 * with something beyond `width` columns has more than it should.
 */
export type Headings = { row: number; headings: string[]; examples: string[][]; titles?: string[]; width?: number }

/** A title or a note may stand above the headings. */
const rowsBeforeHeadings = 10
const exampleRows = 3
const longest = 50

const refused = (message: string) => new Refusal({ message, field: 'file' })

/** Looks whether a file can be checked at all, and answers its headings. Throws SpreadsheetError, or a Refusal at `file`. */
export async function inspectTable(path: string, kind: ImportKind): Promise<Headings> {
  const rows = await firstRows(path, rowsBeforeHeadings + exampleRows)
  if (rows.length === 0) throw refused(text.imports.emptySheet)
  const at = headingsAt(rows, kind)
  const { number, cells } = rows[at] as TableRow
  const below = rows.slice(at + 1, at + 1 + exampleRows)
  if (below.length === 0) throw refused(text.imports.noRows)
  const widest = Math.max(cells.length, ...below.map((row) => row.cells.length))
  const columns = Array.from({ length: widest }, (_, index) => index)
  return {
    row: number,
    titles: rows.slice(0, at).flatMap((row) => row.cells.map(shown).filter(Boolean)),
    width: widthOf(cells, below),
    headings: columns.map((index) => shown(cells[index])),
    examples: columns.map((index) => below.map((row) => shown(row.cells[index])).filter(Boolean)),
  }
}

/** A column without a heading is one where every example has something in it; otherwise a row of more cells is torn. */
function widthOf(head: string[], below: TableRow[]): number {
  const width = head.findLastIndex((cell) => shown(cell) !== '') + 1
  const widths = below.map(({ cells }) => cells.length)
  return below.length === exampleRows ? Math.max(width, Math.min(...widths)) : width
}

async function firstRows(path: string, count: number): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for await (const row of readTable(path)) if (rows.push(row) === count) break
  return rows
}

/** The row with the most known headings; without any, the first with more than one cell. */
function headingsAt(rows: TableRow[], kind: ImportKind): number {
  const heads = rows.slice(0, rowsBeforeHeadings)
  const known = heads.map(({ cells }) => new Set(cells.map((cell) => knownTarget(kind, cell)).filter(Boolean)).size)
  const most = Math.max(...known)
  if (most > 0) return known.indexOf(most)
  return Math.max(
    0,
    heads.findIndex(({ cells }) => cells.filter(Boolean).length > 1),
  )
}

const shown = (cell = '') => [...singleLine(cell)].slice(0, longest).join('').toWellFormed()
