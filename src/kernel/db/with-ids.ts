import type { Knex } from 'knex'
import { engine, whereIdIn } from './dialect.ts'

/** Rows read in the entries of an index that has all that is asked for, which SQLite would not find out without statistics. */
export function throughIndex<Q extends Knex.QueryBuilder>(db: Knex, rows: Q, table: string, index: string): Q {
  if (engine(db) === 'sqlite') rows.from(db.raw('?? indexed by ??', [table, index]) as never)
  return rows
}

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
