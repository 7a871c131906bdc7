import { singleLine } from '../../../kernel/china/text.ts'
import { lookApart } from '../../../kernel/spreadsheets/apart.ts'
import type { TableLook, TableSource } from '../../../kernel/spreadsheets/table.ts'
import type { TableRow } from '../../../kernel/spreadsheets/table-row.ts'
import { Refusal } from '../../../kernel/web/refusal.ts'
import { text } from '../../../texts/index.ts'
import type { ImportKind } from '../kind.ts'
import { knownTarget } from './headings.ts'

/**
 * The headings of a file, the number of their row, and the first values of each column. `titles` stand above them; a row
 * with something beyond `width` columns has more than it should.
 */
export type Headings = {
  row: number
  headings: string[]
  examples: string[][]
  titles?: string[]
  width?: number
  /** Where in the file they stand and how its text is read, the names of all its sheets, and what may be wrong with that. */
  source?: TableSource
  sheets?: string[]
  isGuessed?: boolean
  isOfCards?: boolean
}

/** A title or a note may stand above the headings. */
const rowsBeforeHeadings = 10
const exampleRows = 3
const longest = 50

const refused = (message: string) => new Refusal({ message, field: 'file' })

/**
 * Looks whether a file can be checked at all, and answers the headings of the sheet that was asked for, or of the one with
 * the most known headings. Throws SpreadsheetError, or a Refusal at `file`.
 */
export async function inspectTable(path: string, kind: ImportKind, asked: TableSource = {}): Promise<Headings> {
  const { kind: fileKind, text: found, sheets } = await lookApart(path, asked, rowsBeforeHeadings + exampleRows)
  const sheet = asked.sheet ?? likeliest(sheets, kind)
  const { rows } = sheets[sheet] ?? { rows: [] }
  if (rows.length === 0) throw refused(text.imports.emptySheet)
  const encoding = asked.encoding ?? found?.encoding
  return {
    ...headingsOf(rows, kind),
    source: { sheet, ...(encoding && { encoding }) },
    sheets: sheets.map(({ name }) => name),
    isGuessed: found?.isGuessed === true,
    isOfCards: fileKind === 'vcard',
  }
}

/** A title page, notes or an empty sheet often stands before the sheet that is meant. */
function likeliest(sheets: TableLook['sheets'], kind: ImportKind): number {
  const scores = sheets.map(({ rows }) => (rows.length > 1 ? 1 + mostKnown(rows, kind) : rows.length / 2))
  return scores.indexOf(Math.max(...scores))
}

function headingsOf(rows: TableRow[], kind: ImportKind): Headings {
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

/** The row with the most known headings; without any, the first with more than one cell. */
function headingsAt(rows: TableRow[], kind: ImportKind): number {
  const heads = rows.slice(0, rowsBeforeHeadings)
  const most = mostKnown(rows, kind)
  if (most > 0) return heads.findIndex((row) => knownIn(row, kind) === most)
  return Math.max(
    0,
    heads.findIndex(({ cells }) => cells.filter(Boolean).length > 1),
  )
}

const knownIn = ({ cells }: TableRow, kind: ImportKind) =>
  new Set(cells.map((cell) => knownTarget(kind.targets, cell)).filter(Boolean)).size

const mostKnown = (rows: TableRow[], kind: ImportKind) =>
  Math.max(...rows.slice(0, rowsBeforeHeadings).map((row) => knownIn(row, kind)))

const shown = (cell = '') => [...singleLine(cell)].slice(0, longest).join('').toWellFormed()
