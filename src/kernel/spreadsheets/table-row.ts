/** Why the cells of a row may be wrong; `long`: more text than a spreadsheet can hold, of which only the beginning is kept. */
export type RowProblem = 'quotes' | 'encoding' | 'long'

/** One row as text; `number` is the row number that Excel shows, in a csv file that of the row. */
export interface TableRow {
  number: number
  cells: string[]
  problem?: RowProblem
}
