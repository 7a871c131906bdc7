import { text } from '../../texts/index.ts'
import { columnWidths, PADDING, type ReportTable, tableTexts } from './pdf-columns.ts'
import { COLOUR, MARGIN, makeRoom, rule, type Sheet, type Style, textHeight, write } from './sheet.ts'

const GAP = 4.5

/** So many lines of a heading are read; what is longer is cut. */
const HEADING_LINES = 4

/** `lines` is how many there are at most in a cell. */
type Row = { cells: string[]; lines?: number; band?: string; above?: string; below?: string; kind: Style }
type Grid = { table: ReportTable; widths: number[] }

/** The room that a table needs to begin: for its head and the first lines. */
export const roomToBegin = (sheet: Sheet, table: ReportTable): number =>
  3 * rowHeight(sheet, gridOf(sheet, table, tableTexts(table)), headOf(table))

/** Writes the table; its head stands again on every page. */
export function drawTable(sheet: Sheet, table: ReportTable): void {
  const rows = tableTexts(table)
  const grid = gridOf(sheet, table, rows)
  const head = headOf(table)
  makeRoom(sheet, 3 * rowHeight(sheet, grid, head))
  drawRow(sheet, grid, head)
  for (const [at, cells] of rows.entries()) {
    const row = table.total && at === rows.length - 1 ? totalRow(cells) : plainRow(cells, at)
    if (makeRoom(sheet, rowHeight(sheet, grid, row))) drawRow(sheet, grid, head)
    drawRow(sheet, grid, row)
  }
  if (table.rows.length === 0) drawNothing(sheet)
}

const gridOf = (sheet: Sheet, table: ReportTable, rows: string[][]): Grid => ({
  table,
  widths: columnWidths(sheet, table, rows),
})

const headOf = ({ columns }: ReportTable): Row => ({
  cells: columns.map(({ label }) => label),
  lines: HEADING_LINES,
  band: '#e4eaf1',
  above: COLOUR.accent,
  below: COLOUR.dark,
  kind: { weight: 'bold' },
})

const plainRow = (cells: string[], at: number): Row => ({
  cells,
  band: at % 2 === 1 ? COLOUR.band : undefined,
  below: COLOUR.line,
  kind: {},
})

const totalRow = (cells: string[]): Row => ({ cells, above: COLOUR.dark, below: COLOUR.dark, kind: { weight: 'bold' } })

/** The highest cell; a cell longer than a page is cut. */
function rowHeight(sheet: Sheet, { widths }: Grid, { cells, lines, kind }: Row): number {
  const heights = cells.map((cell, at) => textHeight(sheet, cell, (widths[at] ?? 0) - 2 * PADDING, kind))
  const most = lines ? lines * textHeight(sheet, '', sheet.content, kind) : Number.POSITIVE_INFINITY
  return Math.min(Math.max(...heights), most, sheet.end - MARGIN.top - 60 - 2 * GAP) + 2 * GAP
}

function drawRow(sheet: Sheet, grid: Grid, row: Row): void {
  const { doc, y } = sheet
  const height = rowHeight(sheet, grid, row)
  if (row.band) doc.rect(MARGIN.left, y + 0.5, sheet.content, height - 0.5).fill(row.band)
  if (row.above) rule(sheet, y, row.above)
  if (row.below) rule(sheet, y + height, row.below)
  let x = MARGIN.left
  for (const [at, width] of grid.widths.entries()) {
    const box = { x: x + PADDING, y: y + GAP, width: width - 2 * PADDING, height: height - GAP }
    const align = grid.table.columns[at]?.kind === 'text' ? 'left' : 'right'
    write(sheet, row.cells[at] ?? '', box, { ...row.kind, align })
    x += width
  }
  sheet.y = y + height
}

function drawNothing(sheet: Sheet): void {
  const box = { x: MARGIN.left + PADDING, y: sheet.y + 10, width: sheet.content - 2 * PADDING }
  write(sheet, text.report.noRows, box, { colour: COLOUR.quiet, align: 'center' })
  sheet.y += 34
}
