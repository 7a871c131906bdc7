import { columnOf } from './cell-reference.ts'
import { decodeCellText } from './clean-text.ts'
import type { ReadLimits } from './limits.ts'
import { type MergedArea, mergeFiller } from './merged-cells.ts'
import { type NumberFormat, PLAIN } from './number-formats.ts'
import { numberText } from './number-text.ts'
import { createRowBuilder } from './row-builder.ts'
import type { StringTable } from './string-table.ts'
import type { TableRow } from './table-row.ts'
import { createXmlReader, type XmlReader } from './xml.ts'

/** What the cells of a sheet refer to. */
export interface SheetContext {
  strings: StringTable
  styles: NumberFormat[]
  is1904: boolean
  limits: ReadLimits
}

/** A cell as it is being read: `value` is that of `<v>`, `inline` the text of `<is>`; undefined without. */
type Cell = { column: number; type: string; style: number; value?: string; inline?: string }

/** Reads the XML of a worksheet and gives each row, empty ones too, to `take`; `done` at the end of the data. */
export function createSheetReader(
  context: SheetContext,
  merged: MergedArea[],
  take: (row: TableRow) => void,
  done: () => void,
): XmlReader {
  const rows = createRowBuilder(context.limits, merged.length > 0 ? mergeFiller(merged) : undefined)
  let number = 0
  let cell: Cell = { column: -1, type: '', style: 0 }
  let takes: 'value' | 'inline' | undefined
  let inReading = false
  const open = (name: string, attributes: () => Record<string, string>) => {
    if (name === 'c') {
      const { r, t = '', s } = attributes()
      cell = { column: r ? columnOf(r) : cell.column + 1, type: t, style: Number(s ?? 0) }
    } else if (name === 'v') takes = 'value'
    else if (name === 't') takes = inReading ? undefined : 'inline'
    else if (name === 'rPh') inReading = true
    else if (name === 'row') {
      number = numberOf(attributes().r, number)
      cell = { column: -1, type: '', style: 0 }
      rows.begin(number)
    }
  }
  const close = (name: string) => {
    if (name === 'v' || name === 't') takes = undefined
    else if (name === 'c') rows.place(cell.column, cellText(cell, context))
    else if (name === 'rPh') inReading = false
    else if (name === 'row') take(rows.end())
    else if (name === 'sheetData') done()
  }
  const text = (chunk: string) => {
    if (!takes) return
    const before = cell[takes] ?? ''
    // What is longer is marked by its row; it need not be kept.
    if (before.length <= context.limits.cellCharacters) cell[takes] = before + chunk
  }
  return createXmlReader({ open, close, text }, context.limits.tokenCharacters)
}

/** Rows are taken in by their number, so one that repeats or goes back counts on from the row before. */
function numberOf(written: string | undefined, before: number): number {
  const number = Number(written)
  return Number.isSafeInteger(number) && number > before ? number : before + 1
}

function cellText({ type, style, value = '', inline }: Cell, context: SheetContext): string {
  if (inline !== undefined && (type === 'inlineStr' || value === '')) return decodeCellText(inline)
  if (value === '') return ''
  switch (type) {
    case 's':
      return context.strings.at(Number(value))
    case '':
    case 'n':
      return numberText(value, context.styles[style] ?? PLAIN, context.is1904)
    case 'b':
      return value === '1' || value === 'true' ? 'TRUE' : 'FALSE'
    case 'd':
      return isoText(value)
    case 'e':
      return ''
    default:
      return decodeCellText(value)
  }
}

/** A day or an instant as the strict format writes it: 2026-11-23 or 2026-11-23T14:30:00. */
function isoText(value: string): string {
  const [day = '', time = ''] = value.split('T')
  return time === '' || time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 5)}`
}
