import type { Knex } from 'knex'
import type { Viewer } from './viewer.ts'

/** The lines of the rows of a list: a file has a row for each, and what stands in the list only in the first of them. */
export type ListLines<Column, Row> = {
  columns: Column[]
  /** The columns of the list that stand in every row, so that each says whose it is. */
  repeated: ReadonlySet<string>
  /** The lines of some rows, by their ids, in their order. */
  of(db: Knex, rows: Row[], viewer: Viewer): Promise<Map<number, Row[]>>
}
