import { decodeCellText } from './clean-text.ts'
import { SpreadsheetError } from './errors.ts'
import type { ReadLimits } from './limits.ts'
import { type NumberFormat, PLAIN } from './number-formats.ts'
import { numberText } from './number-text.ts'
import type { StringTable } from './string-table.ts'
import { createXmlReader, type XmlReader } from './xml.ts'

/** One row as text; `number` is the row number Excel shows. */
export interface SheetRow {
  number: number
  cells: string[]
}

/** What the cells of a sheet refer to. */
export interface SheetContext {
  strings: StringTable
  styles: NumberFormat[]
  is1904: boolean
  limits: ReadLimits
}

/** Reads the XML of a worksheet and gives each row, empty ones too, to `take`; `done` at the end of the data. */
export function createSheetReader(context: SheetContext, take: (row: SheetRow) => void, done: () => void): XmlReader {
  let row: SheetRow = { number: 0, cells: [] }
  let cell = { column: -1, type: 'n', style: 0 }
  let value = ''
  let takesText = false
  let inReading = false
  const open = (name: string, attributes: () => Record<string, string>) => {
    if (name === 'c') {
      const { r, t = 'n', s } = attributes()
      cell = { column: r ? columnOf(r) : cell.column + 1, type: t, style: Number(s ?? 0) }
      value = ''
    } else if (name === 'v' || name === 't') takesText = !inReading
    else if (name === 'rPh') inReading = true
    else if (name === 'row') {
      row = { number: Number(attributes().r ?? row.number + 1), cells: [] }
      cell = { column: -1, type: 'n', style: 0 }
    }
  }
  const close = (name: string) => {
    if (name === 'v' || name === 't') takesText = false
    else if (name === 'c') placeText(row.cells, cell.column, cellText(cell, value, context), context.limits)
    else if (name === 'rPh') inReading = false
    else if (name === 'row') take(row)
    else if (name === 'sheetData') done()
  }
  const text = (chunk: string) => {
    if (takesText) value += chunk
  }
  return createXmlReader({ open, close, text }, context.limits.tokenCharacters)
}

function cellText(cell: { type: string; style: number }, value: string, context: SheetContext): string {
  if (value === '') return ''
  switch (cell.type) {
    case 's':
      return context.strings.at(Number(value))
    case 'n':
      return numberText(value, context.styles[cell.style] ?? PLAIN, context.is1904)
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

function placeText(cells: string[], column: number, text: string, limits: ReadLimits): void {
  if (text === '') return
  if (column >= limits.columns) throw new SpreadsheetError('too-large', `more than ${limits.columns} columns`)
  while (cells.length < column) cells.push('')
  cells[column] = text
}

/** 0 for A1, 26 for AA1. */
function columnOf(reference: string): number {
  let column = 0
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~32
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  if (column === 0) throw new SpreadsheetError('damaged', `no cell reference: ${reference.slice(0, 20)}`)
  return column - 1
}
