import type { ColumnKind } from './figures.ts'
import { formatColumn } from './figures.ts'
import { type Sheet, textWidth } from './sheet.ts'

/** `places`: of numbers that may have more than two behind the point. */
export type ReportColumn = { label: string; kind: ColumnKind; width?: number; places?: number }
/** `total` is a last row under the others. Shares are parts of 1. */
export type ReportTable = { columns: ReportColumn[]; rows: unknown[][]; total?: unknown[] }

export const PADDING = 7
const SAMPLE = 300
const LEAST = 36

/** The table's cells as text, row by row; a total is the last row. */
export function tableTexts({ columns, rows, total }: ReportTable): string[][] {
  const all = total ? [...rows, total] : rows
  const texts = columns.map(({ kind, places }, at) =>
    formatColumn(
      kind,
      all.map((row) => row[at]),
      places,
    ),
  )
  return all.map((_, row) => texts.map((column) => column[row] ?? ''))
}

/** Column widths in points, together the width of the page: what is short stays on one line, long texts are broken. */
export function columnWidths(sheet: Sheet, { columns }: ReportTable, rows: string[][]): number[] {
  const sample = [...rows.slice(0, SAMPLE), ...rows.slice(-1)]
  const fair = sheet.content / columns.length - 2 * PADDING - 1
  const wanted = columns.map(({ label, kind, width }, at) => {
    const cells = sample.map((row) => textWidth(sheet, row[at] ?? ''))
    const heading = textWidth(sheet, label, { weight: 'bold' })
    // What stands above figures is broken before it takes the place of others.
    const room = kind === 'text' ? heading : Math.min(heading, fair)
    return width ?? Math.max(LEAST, room, ...cells) + 2 * PADDING + 1
  })
  const isFixed = columns.map(({ kind, width }) => width !== undefined || kind !== 'text')
  const limit = longestText(sheet.content, wanted, isFixed)
  const widths = wanted.map((width, at) => (isFixed[at] ? width : Math.min(width, limit)))
  const rest = sheet.content - sum(widths)
  return rest < 0
    ? widths.map((width) => (width * sheet.content) / sum(widths))
    : widths.map((w) => w + rest / widths.length)
}

/** The width at which the long texts share what the figures and the short texts leave. */
function longestText(content: number, wanted: number[], isFixed: boolean[]): number {
  let room = content - sum(wanted.filter((_, at) => isFixed[at]))
  const texts = wanted.filter((_, at) => !isFixed[at]).sort((a, b) => a - b)
  for (const [at, width] of texts.entries()) {
    const share = room / (texts.length - at)
    if (width > share) return Math.max(share, LEAST + 2 * PADDING)
    room -= width
  }
  return Number.POSITIVE_INFINITY
}

const sum = (list: number[]) => list.reduce((total, number) => total + number, 0)
