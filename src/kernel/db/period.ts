import type { Knex } from 'knex'
import { engine } from './dialect.ts'

const hour = 3_600_000
const moved = (instant: string, by: number) => new Date(Date.parse(instant) + by).toISOString()

type Period = { from?: string; before?: string }

/**
 * Narrows the rows of a table that only grows to a period, so that they can be read by their id, in which order any other
 * index has them too: rows of a period have ids between those that stand an hour outside of it. SQLite would take the
 * index of the instants instead and sort all that is in the period, hence the plus.
 */
export function inPeriod<Q extends Knex.QueryBuilder>(
  query: Q,
  table: string,
  instant: string,
  { from, before }: Period,
): Q {
  const column = `${table}.${instant}`
  const bare = engine(query as never) === 'sqlite' ? '+??' : '??'
  if (from)
    query
      .whereRaw(`${bare} >= ?`, [column, from])
      .where(`${table}.id`, '>=', (first: Knex.QueryBuilder) =>
        first.from(table).where(instant, '>=', moved(from, -hour)).orderBy(instant).limit(1).select('id'),
      )
  if (before)
    query
      .whereRaw(`${bare} < ?`, [column, before])
      .where(`${table}.id`, '<=', (last: Knex.QueryBuilder) =>
        last.from(table).where(instant, '<', moved(before, hour)).orderBy(instant, 'desc').limit(1).select('id'),
      )
  return query
}
