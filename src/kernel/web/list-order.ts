import type { Knex } from 'knex'
import type { Order } from '../db/dialect.ts'
import type { List, ListQuery, Row } from './list.ts'

/** Counting stops here; a list says 10,000+ then. */
export const countLimit = 10_000
/** What an index leads to is counted so far: a list whose end is known is read from there too. */
export const soonCounted = 20_000

/** The chosen order of a list, ended by the id in the same direction, so that one index serves both. */
export function orderOf(list: List, query: ListQuery): Order[] {
  const id = `${list.table}.id`
  if (query.q && !query.sort && list.search?.isNewestFirst) return [{ column: id, order: 'desc' }]
  // Within a part, the list's own order holds.
  const sort = query.sort?.column.sort ? query.sort : null
  const column = sort?.column.sort ?? list.order.column
  const order = (sort ? sort.isDescending : list.order.order === 'desc') ? 'desc' : 'asc'
  const isFilled = sort ? sort.column.isFilled : list.order.isFilled
  return column === id || column === 'id'
    ? [{ column: id, order }]
    : [
        { column, order, isFilled },
        { column: id, order },
      ]
}

/** The same order from the other end. */
export const reversed = ({ order, ...rest }: Order): Order => ({ ...rest, order: order === 'desc' ? 'asc' : 'desc' })

/** Narrows to what comes behind a row. Both databases put NULL before every value. */
export function seekAfter(rows: Knex.QueryBuilder, [first, second]: Order[], last: Row | undefined): Knex.QueryBuilder {
  if (!last || !first) return rows
  const isDescending = first.order === 'desc'
  const behind = isDescending ? '<' : '>'
  if (!second) return rows.where(first.column, behind, last.id)
  const value = last[bare(first.column)] as string | number | null
  // One bound for the index to begin at: from the OR alone both databases would begin at the first row each time.
  if (value !== null && (first.isFilled || !isDescending)) rows.where(first.column, isDescending ? '<=' : '>=', value)
  return rows.where((any) => {
    any.where((same) => same.where(first.column, value as never).where(second.column, behind, last.id))
    if (value !== null) any.orWhere(first.column, behind, value)
    if (value !== null && isDescending) any.orWhereNull(first.column)
    if (value === null && !isDescending) any.orWhereNotNull(first.column)
  })
}

const bare = (column: string) => column.split('.').at(-1) as string
