import type { Knex } from 'knex'
import { engine, whereIdIn } from './dialect.ts'

/**
 * Rows with some numbers, found by them alone: without statistics SQLite would rather go through the index of all that
 * were not deleted.
 */
export function withIds<Q extends Knex.QueryBuilder>(
  db: Knex,
  rows: Q,
  table: string,
  ids: number[] | Knex.QueryBuilder,
): Q {
  if (engine(db) === 'sqlite') rows.from(db.raw('?? not indexed', [table]) as never)
  return (Array.isArray(ids) ? whereIdIn(rows, `${table}.id`, ids) : rows.whereIn(`${table}.id`, ids)) as Q
}
