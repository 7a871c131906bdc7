import { SpreadsheetError } from './errors.ts'
import type { ReadLimits } from './limits.ts'
import type { MergeFiller } from './merged-cells.ts'
import type { TableRow } from './table-row.ts'

/** So much is kept of a cell that is too long, for a person to find it by. */
const KEPT_OF_LONG = 1_000

/** Puts rows together cell by cell, with no more text than a cell and a row may have. */
export interface RowBuilder {
  begin: (number: number) => void
  /** Throws `too-large` beyond the last column; an empty text leaves the cell as it is. */
  place: (column: number, text: string) => void
  end: () => TableRow
}

/** `fill` gives merged cells their value in each row. */
export function createRowBuilder(limits: ReadLimits, fill?: MergeFiller): RowBuilder {
  let row: TableRow = { number: 0, cells: [] }
  let characters = 0
  const place = (column: number, text: string) => {
    if (text === '') return
    if (column >= limits.columns) throw new SpreadsheetError('too-large', `more than ${limits.columns} columns`)
    while (row.cells.length < column) row.cells.push('')
    row.cells[column] = kept(text)
  }
  const kept = (text: string): string => {
    const isShort = text.length <= limits.cellCharacters && characters + text.length <= limits.rowCharacters
    characters += isShort ? text.length : 0
    if (isShort) return text
    row.problem = 'long'
    return text.slice(0, KEPT_OF_LONG).toWellFormed()
  }
  return {
    begin(number) {
      row = { number, cells: [] }
      characters = 0
    },
    place,
    end() {
      fill?.(row, place)
      return row
    },
  }
}
