import type { Knex } from 'knex'
import type { List, ListQuery, Row, Total } from './list.ts'
import { shownColumns } from './list-columns.ts'
import { partedPage } from './list-parts.ts'
import { foundPage, pagesOf } from './list-rows.ts'

export type Page = Total & { rows: Row[]; page: number; pages: number }

/** One page of a list, and how many there are. A page behind the end is the last one. */
export async function listPage(db: Knex, list: List, query: ListQuery): Promise<Page> {
  const found = await (query.sort?.parts ? partedPage(db, list, query) : foundPage(db, list, query))
  const rows = await completed(db, list, query, found.rows)
  return { ...found, rows, pages: pagesOf(found.total, query.per) }
}

/** Rows with what their columns show of other tables, as the person may read them. */
export async function completed(db: Knex, list: List, query: ListQuery, rows: Row[]): Promise<Row[]> {
  const whole = list.complete ? await list.complete(db, rows, shownColumns(list, query), query.viewer) : rows
  return list.mask ? whole.map((row) => list.mask?.(row, query.viewer) ?? row) : whole
}
