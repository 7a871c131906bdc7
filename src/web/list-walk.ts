import type { Knex } from 'knex'
import type { Order } from '../db/dialect.ts'
import type { Reference } from '../reference.ts'
import type { List, ListQuery, Row } from './list.ts'
import { filtered, orderOf } from './list-page.ts'

/** A printed list ends here; more belongs into a spreadsheet. */
export const printLimit = 1_000
const chunk = 500

/** Every row a list is asked for, in its order, read by key and never all at once. */
export async function* walk(
  db: Knex,
  list: List,
  query: ListQuery,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Row> {
  const order = orderOf(list, query)
  let last: Row | undefined
  for (let given = 0; given < limit; ) {
    const rows: Row[] = await after(filtered(db, list, query), order, last)
      .orderBy(order)
      .limit(Math.min(chunk, limit - given))
    yield* rows
    given += rows.length
    last = rows.at(-1)
    if (rows.length < chunk) return
  }
}

/** Narrows to what comes behind a row. Both databases put NULL before every value. */
function after(rows: Knex.QueryBuilder, [first, second]: Order[], last: Row | undefined): Knex.QueryBuilder {
  if (!last || !first) return rows
  const isDescending = first.order === 'desc'
  const behind = isDescending ? '<' : '>'
  if (!second) return rows.where(first.column, behind, last.id)
  const value = last[bare(first.column)] as string | number | null
  return rows.where((any) => {
    any.where((same) => same.where(first.column, value as never).where(second.column, behind, last.id))
    if (value !== null) any.orWhere(first.column, behind, value)
    if (value !== null && isDescending) any.orWhereNull(first.column)
    if (value === null && !isDescending) any.orWhereNotNull(first.column)
  })
}

const bare = (column: string) => column.split('.').at(-1) as string

/** The rows of a spreadsheet: numbers and days as such, everything else as its text. */
export async function* exportRows(
  db: Knex,
  list: List,
  query: ListQuery,
  reference: Reference,
): AsyncGenerator<unknown[]> {
  for await (const row of walk(db, list, query)) {
    yield list.columns.map((column) => (column.value ? column.value(row) : column.cell(row, reference).text))
  }
}

/** The rows of a print view, as cells. */
export async function printRows(db: Knex, list: List, query: ListQuery, reference: Reference) {
  const rows = []
  for await (const row of walk(db, list, query, printLimit))
    rows.push(list.columns.map((column) => column.cell(row, reference)))
  return rows
}
