import type { Knex } from 'knex'
import { unindexed } from '../../kernel/db/dialect.ts'
import type { Condition } from '../../kernel/web/conditions.ts'
import type { ListQuery } from '../../kernel/web/list.ts'
import { applyFilters } from '../../kernel/web/list-rows.ts'
import type { Asked } from './list-request.ts'
import { orderedCustomers } from './ordered-list.ts'

/** The rows of the list with what its columns need. */
export const listRows = (db: Knex, query: ListQuery) => orderedCustomers.rows(db, query.viewer, query.columns)

/** Narrows by the filters of days. */
export const withDays = (db: Knex, rows: Knex.QueryBuilder, query: ListQuery) =>
  applyFilters(
    db,
    rows,
    orderedCustomers.filters.filter(({ kind }) => kind === 'days'),
    query,
  )

/** The filters as conditions that leave the choice of the index to the order; they compare without a column's type. */
export function walked(db: Knex, { query, chosen, indexed }: Asked): Knex.QueryBuilder {
  const rows = withDays(db, listRows(db, query), query)
  for (const [name, value] of chosen) {
    if (name === 'tag_id') rows.whereExists(tagging(db, [Number(value)]))
    else rows.where(unindexed(db, `customers.${name}`) as never, name.endsWith('_id') ? Number(value) : value)
  }
  for (const condition of indexed) meet(db, rows, condition)
  return rows
}

function meet(db: Knex, rows: Knex.QueryBuilder, { field, operator, values }: Condition) {
  if (!field.column) return rows.whereExists(tagging(db, values.map(Number)))
  const column = unindexed(db, field.column) as never
  return operator === 'empty' ? rows.whereNull(column) : rows.whereIn(column, values.flat() as never)
}

const tagging = (db: Knex, tags: number[]) =>
  db('customer_tags')
    .whereIn('tag_id', tags)
    .where(unindexed(db, 'customers.id') as never, db.ref('customer_tags.customer_id'))
