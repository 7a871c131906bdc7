import type { TableKind } from './table-kind.ts'
import type { TableRow } from './table-row.ts'
import type { FoundEncoding, TextEncoding } from './text-encoding.ts'

/** Which part of a file is read, and how; without a sheet the first that can be seen, in the encoding it seems to be in. */
export interface TableSource {
  /** Among the sheets that can be seen, from 0 on. */
  sheet?: number
  encoding?: TextEncoding
}

/** A file that was opened to read its rows. */
export interface Table {
  /** The names of the sheets that can be seen; a text file has one without a name. */
  kind: TableKind
  sheets: string[]
  /** Of a file of text: what it seems to be in. */
  text?: FoundEncoding
  rows: (sheet: number) => AsyncGenerator<TableRow>
  close: () => void
}

/** The beginning of each sheet, to choose by. */
export type TableLook = Pick<Table, 'kind' | 'text'> & { sheets: { name: string; rows: TableRow[] }[] }
