import type { Knex } from 'knex'
import { paginate, whereIdIn } from '../db/dialect.ts'
import { windowPage } from './batched-scan.ts'
import { applyConditions } from './conditions.ts'
import type { Filter, List, ListQuery, Row, Total } from './list.ts'
import { countLimit, orderOf } from './list-order.ts'

export type Found = Total & { rows: Row[]; page: number }

/** The same without what stands in other tables, by the first way that finds it; `query` has no order in parts. */
export const foundPage = async (db: Knex, list: List, query: ListQuery): Promise<Found> =>
  (await fewPage(db, list, query)) ?? (await list.page?.(db, query, list)) ?? (await commonPage(db, list, query))

export const pagesOf = (total: number, per: number) => Math.max(1, Math.ceil(total / per))

async function fewPage(db: Knex, list: List, query: ListQuery) {
  const ids = await list.few?.(db, query)
  return ids && countedPage(db, list, query, amongFew(db, list, query, ids))
}

async function commonPage(db: Knex, list: List, query: ListQuery) {
  const rows = () => filtered(db, list, query)
  return isLookedThrough(list, query) ? windowPage(db, list, query, rows) : countedPage(db, list, query, rows())
}

/** One page of rows that an index finds, and how many there are. */
export async function countedPage(db: Knex, list: List, query: ListQuery, rows: Knex.QueryBuilder) {
  const counted = await countUpTo(db, rows, list.table)
  const page = Math.min(query.page, pagesOf(counted.total, query.per))
  const place = { order: orderOf(list, query), offset: (page - 1) * query.per, size: query.per }
  const found: Row[] = await paginate(rows, place)
  return { ...counted, rows: found, page }
}

/** The rows a list is asked for, without order and page. */
export function filtered(db: Knex, list: List, query: ListQuery) {
  const rows = narrowed(db, list, query)
  return query.q && list.search ? list.search.apply(db, rows, query.q, query.viewer) : rows
}

/** The same without the search. */
export function narrowed(db: Knex, list: List, query: ListQuery) {
  const rows = applyFilters(db, list.rows(db, query.viewer, query.columns), list.filters, query)
  for (const [column, value] of Object.entries(query.part ?? {})) rows.where(`${list.table}.${column}`, value)
  return applyConditions(rows, query.conditions ?? [], { db, viewer: query.viewer })
}

/** Whether the rows must be looked through because no index answers what is asked (batched-scan.ts). */
export const isLookedThrough = ({ filters }: List, query: ListQuery): boolean =>
  Boolean(query.conditions?.length) ||
  filters.some((filter) => filter.kind === 'text' && filter.isUnindexed && query.filters[filter.name] !== undefined)

/** All rows a list is asked for, and whether to go through them window by window (batched-scan.ts) or by an index. */
export async function wayThrough(db: Knex, list: List, query: ListQuery) {
  const few = await list.few?.(db, query)
  if (few) return { isWindowed: false, rows: () => amongFew(db, list, query, few) }
  if (query.q && (await list.search?.broad?.isBroad(db, query)))
    return { isWindowed: true, rows: () => looked(db, list, query) }
  return { isWindowed: isLookedThrough(list, query), rows: () => filtered(db, list, query) }
}

/** The rows a list is asked for, each looked at. */
function looked(db: Knex, list: List, query: ListQuery) {
  const look = query.q ? list.search?.broad?.look : undefined
  return look ? look(narrowed(db, list, query), query.q, query.viewer) : filtered(db, list, query)
}

const amongFew = (db: Knex, list: List, query: ListQuery, ids: number[]) =>
  whereIdIn(looked(db, list, query), `${list.table}.id`, ids)

/** Narrows a query by the filters that are set. */
export function applyFilters(
  db: Knex,
  rows: Knex.QueryBuilder,
  filters: Filter[],
  query: ListQuery,
): Knex.QueryBuilder {
  for (const filter of filters) {
    if (filter.kind === 'days') {
      const { [`${filter.name}_from`]: from, [`${filter.name}_to`]: to } = query.filters
      if (filter.apply) filter.apply(rows, { from, to })
      else {
        if (from) rows.where(filter.column, '>=', from)
        if (to) rows.where(filter.column, '<=', to)
      }
    } else {
      const value = query.filters[filter.name]
      if (value !== undefined) filter.apply(rows, value, { db, viewer: query.viewer })
    }
  }
  return rows
}

/** The exact number of rows of a table's query up to a limit; behind it only that there are more. */
export async function countUpTo(db: Knex, rows: Knex.QueryBuilder, table: string, limit = countLimit): Promise<Total> {
  const some = rows
    .clone()
    .clearSelect()
    .select(`${table}.id`)
    .limit(limit + 1)
  const counted = await db.from(some.as('some')).count({ row_count: '*' }).first()
  const total = Number(counted?.row_count ?? 0)
  return total > limit ? { total: limit, isCapped: true } : { total, isCapped: false }
}
