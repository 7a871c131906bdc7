import { setImmediate as turn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { withIds } from '../db/with-ids.ts'
import type { List, ListQuery, Row, Total } from './list.ts'
import { countLimit, orderOf, seekAfter } from './list-order.ts'

/*
 * Conditions can be about any column, and most have no index: at a million rows, a page of ten rare matches is found
 * only by looking at all of them. So the order's index is walked in windows, and between two windows other people get
 * their turn: nobody waits longer than for one window (10,000 rows, about 15 ms on SQLite). The page itself is found
 * wherever it is; counting goes on only as long as it is cheap, and the list then says the number with a +.
 */
export const windowSize = 10_000
const countedRows = 50_000

/** The ids of the rows that meet the conditions, window by window, in the order of the list; `matches` are all of them. */
export async function* matchingIds(
  db: Knex,
  list: List,
  query: ListQuery,
  matches: () => Knex.QueryBuilder,
  size = windowSize,
): AsyncGenerator<number[]> {
  const order = orderOf(list, query)
  const id = `${list.table}.id`
  let last: Row | undefined
  do {
    const all = list.windows?.(db, query.viewer) ?? list.rows(db, query.viewer, [])
    const rows = seekAfter(all.clearSelect(), order, last).orderBy(order)
    // Without a bound SQLite takes another index for an order by the id alone, and sorts all of it.
    if (!last && order.length === 1) rows.where(id, '>', 0)
    const window = rows.clone().select(id).limit(size)
    yield withIds(db, matches().clearSelect(), list.table, window).orderBy(order).pluck(id)
    last = await rows
      .select([...new Set([id, ...order.map(({ column }) => column)])])
      .offset(size - 1)
      .first()
    await turn()
  } while (last)
}

/** One page of the matches, and how many there are as far as they were counted. */
export const windowPage = async (db: Knex, list: List, query: ListQuery, matches: () => Knex.QueryBuilder) =>
  (await windowPageWithin(db, list, query, matches)) as Found

/** The same where there is another way: undefined when `most` rows were looked at and the page not met. */
export async function windowPageWithin(
  db: Knex,
  list: List,
  query: ListQuery,
  matches: () => Knex.QueryBuilder,
  { size = windowSize, counted = countedRows, most = Number.POSITIVE_INFINITY }: Partial<Looking> = {},
): Promise<Found | undefined> {
  const needed = query.page * query.per + 1
  const found: number[] = []
  let looked = 0
  let isCapped = false
  for await (const ids of matchingIds(db, list, query, matches, size)) {
    for (const id of ids) found.push(id)
    looked += size
    isCapped = found.length >= needed && (looked >= counted || found.length >= countLimit)
    if (isCapped) break
    if (looked >= most) return undefined
  }
  const total = isCapped ? Math.max(needed, Math.min(found.length, countLimit)) : found.length
  const page = Math.min(query.page, Math.max(1, Math.ceil(total / query.per)))
  const ids = found.slice((page - 1) * query.per, page * query.per)
  return { total, isCapped, page, rows: await rowsInOrder(db, list, query, ids) }
}

type Looking = { size: number; counted: number; most: number }
type Found = Total & { rows: Row[]; page: number }

/** The rows with these ids, in their order. */
export async function rowsInOrder(db: Knex, list: List, query: ListQuery, ids: number[]): Promise<Row[]> {
  const rows: Row[] = await withIds(db, list.rows(db, query.viewer, query.columns), list.table, ids)
  const place = new Map(ids.map((id, index) => [id, index]))
  return rows.sort((a, b) => (place.get(a.id) as number) - (place.get(b.id) as number))
}
