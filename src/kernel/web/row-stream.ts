import { setImmediate as turn } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { Order } from '../db/dialect.ts'
import type { Reference } from '../reference.ts'
import { matchingIds, rowsInOrder } from './batched-scan.ts'
import type { Column, List, ListQuery, Row } from './list.ts'
import { headColumns, paperColumns } from './list-columns.ts'
import { orderOf, seekAfter } from './list-order.ts'
import { completed } from './list-page.ts'
import { partQueries } from './list-parts.ts'
import { wayThrough } from './list-rows.ts'

/** A printed list ends here; more belongs into a spreadsheet. */
export const printLimit = 1_000
const chunk = 200

/** Every row a list is asked for, in its order, never all at once. */
export async function* walk(
  db: Knex,
  list: List,
  query: ListQuery,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Row> {
  let given = 0
  for await (const rows of chunksOf(db, list, query, limit)) {
    const wanted = rows.slice(0, limit - given)
    yield* await completed(db, list, query, wanted)
    // Neither the database nor a quick reader ever lets go of the thread, and pages would wait for the whole file.
    await turn()
    given += wanted.length
    if (given >= limit) return
  }
}

async function* chunksOf(db: Knex, list: List, query: ListQuery, limit: number): AsyncGenerator<Row[]> {
  if (query.sort?.parts) for (const part of partQueries(query)) yield* chunksOf(db, list, part, limit)
  else {
    const walked = await list.walk?.(db, query, list)
    const { isWindowed, rows } = walked ? { isWindowed: false, rows: walked } : await wayThrough(db, list, query)
    yield* isWindowed ? chunksInWindows(db, list, query, rows) : chunksByKey(rows, orderOf(list, query), limit)
  }
}

type Rows = () => Knex.QueryBuilder

async function* chunksByKey(all: Rows, order: Order[], limit: number): AsyncGenerator<Row[]> {
  const size = Math.min(chunk, limit)
  let last: Row | undefined
  do {
    const rows: Row[] = await seekAfter(all(), order, last).orderBy(order).limit(size)
    yield rows
    last = rows.length < size ? undefined : rows.at(-1)
  } while (last)
}

async function* chunksInWindows(db: Knex, list: List, query: ListQuery, rows: Rows): AsyncGenerator<Row[]> {
  for await (const ids of matchingIds(db, list, query, rows))
    for (let at = 0; at < ids.length; at += chunk) yield rowsInOrder(db, list, query, ids.slice(at, at + chunk))
}

/** The rows of a spreadsheet: numbers and days as such, everything else as its text. */
export async function* exportRows(
  db: Knex,
  list: List,
  query: ListQuery,
  reference: Reference,
): AsyncGenerator<unknown[]> {
  const columns = headColumns(list, query)
  const shownIn = (row: Row) => (column: Column) =>
    column.value ? column.value(row) : column.cell(row, reference).text
  if (!list.lines) {
    for await (const row of walk(db, list, query)) yield columns.map(shownIn(row))
    return
  }
  const { columns: ofLines, repeated, of } = list.lines
  for await (const rows of inChunks(walk(db, list, query))) {
    const lines = await of(db, rows, query.viewer)
    for (const row of rows)
      for (const [at, line] of (lines.get(row.id) ?? [{ id: 0 }]).entries()) {
        const head = columns.map((column) => (at === 0 || repeated.has(column.name) ? shownIn(row)(column) : null))
        yield [...head, ...ofLines.map(shownIn(line))]
      }
  }
}

/** Rows some at a time, so that what hangs on them is fetched together. */
async function* inChunks(rows: AsyncGenerator<Row>): AsyncGenerator<Row[]> {
  let some: Row[] = []
  for await (const row of rows) {
    some.push(row)
    if (some.length < chunk) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

/** The rows of a print view, as cells. */
export async function printRows(db: Knex, list: List, query: ListQuery, reference: Reference) {
  const columns = paperColumns(list, query)
  const rows = []
  for await (const row of walk(db, list, query, printLimit))
    rows.push(columns.map((column) => column.cell(row, reference)))
  return rows
}
