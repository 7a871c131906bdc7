import type { Database as Sqlite, Statement } from 'better-sqlite3'
import { recent } from '../lru-cache.ts'

/** Inserts of many rows are long; a few are kept too, for those who write many batches of one size. */
const sorts = [
  { longest: 10_000, most: 500 },
  { longest: 200_000, most: 30 },
]
const changesSchema = /^\s*(create|alter|drop|pragma)/i

/**
 * Keeps the prepared statements of a connection for the next query of the same text, the last used ones: knex prepares
 * each query anew, which takes as long as running it. Every query of knex is run to its end, so none is in use twice.
 */
export function keepStatements(connection: Sqlite) {
  const prepare = connection.prepare.bind(connection) as (sql: string) => Statement
  const kept = sorts.map(({ longest, most }) => ({ longest, held: recent<Statement>(most) }))
  connection.prepare = ((sql: string) => {
    if (changesSchema.test(sql)) for (const { held } of kept) held.clear()
    const sort = kept.find(({ longest }) => sql.length <= longest)
    return sort ? sort.held.get(sql, () => prepare(sql)) : prepare(sql)
  }) as typeof connection.prepare
}
