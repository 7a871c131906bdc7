import type { ReportTable } from './pdf-columns.ts'
import { drawTable, roomToBegin } from './pdf-table.ts'
import { COLOUR, MARGIN, makeRoom, rule, type Sheet, textHeight, write } from './sheet.ts'

export type Pair = { label: string; text: string; isWide?: boolean }
/** A part of a file with its heading: labels with their values, or a table. */
export type Section = { title: string; pairs?: Pair[]; table?: ReportTable }

const TITLE = 18
const LABEL = 84
const GAP = 4.5

type Row = [left: Pair, right?: Pair]

/** Draws a part of a file; its heading stands with its first line. */
export function drawSection(sheet: Sheet, { title, pairs, table }: Section): void {
  makeRoom(sheet, TITLE + (table ? roomToBegin(sheet, table) : 46))
  write(sheet, title, { x: MARGIN.left, y: sheet.y, width: sheet.content, height: TITLE }, { size: 11, weight: 'bold' })
  sheet.y += TITLE
  if (pairs) drawPairs(sheet, pairs)
  if (table) drawTable(sheet, table)
  sheet.y += 14
}

function drawPairs(sheet: Sheet, pairs: Pair[]): void {
  rule(sheet, sheet.y, COLOUR.dark)
  for (const row of rowsOf(pairs)) drawRow(sheet, row)
}

/** Two beside each other; a long text has the line for itself. */
function rowsOf(pairs: Pair[]): Row[] {
  const rows: Row[] = []
  let isOpen = false
  for (const pair of pairs) {
    if (isOpen && !pair.isWide) (rows.at(-1) as Row).push(pair)
    else rows.push([pair])
    isOpen = !pair.isWide && !isOpen
  }
  return rows
}

function drawRow(sheet: Sheet, row: Row): void {
  const half = sheet.content / 2
  const room = (row[0].isWide ? sheet.content : half) - LABEL - 12
  const heights = row.map((pair) => Math.max(textHeight(sheet, pair?.text ?? '', room), labelHeight(sheet, pair)))
  const height = Math.min(Math.max(...heights) + 2 * GAP, sheet.end - MARGIN.top - 60)
  makeRoom(sheet, height)
  const { y } = sheet
  for (const [at, pair] of row.entries()) {
    const x = MARGIN.left + at * half
    sheet.doc.rect(x, y + 0.75, LABEL, height - 1).fill(COLOUR.band)
    const box = { y: y + GAP, height: height - GAP }
    write(sheet, pair?.label ?? '', { ...box, x: x + 6, width: LABEL - 10 }, { colour: COLOUR.quiet })
    write(sheet, pair?.text ?? '', { ...box, x: x + LABEL + 6, width: room })
  }
  rule(sheet, y + height, COLOUR.line)
  sheet.y = y + height
}

const labelHeight = (sheet: Sheet, pair?: Pair) => textHeight(sheet, pair?.label ?? '', LABEL - 10)
