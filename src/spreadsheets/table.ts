import type { TableRow } from './table-row.ts'

/** Which part of a file is read; without a sheet the first that can be seen. */
export interface TableSource {
  /** Among the sheets that can be seen, from 0 on. */
  sheet?: number
}

/** A file that was opened to read its rows. */
export interface Table {
  /** The names of the sheets that can be seen; a text file has one without a name. */
  sheets: string[]
  rows: (sheet: number) => AsyncGenerator<TableRow>
  close: () => void
}

/** The beginning of each sheet, to choose by. */
export type TableLook = { sheets: { name: string; rows: TableRow[] }[] }
