import type { Database as Sqlite, Statement } from 'better-sqlite3'

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
  const kept = sorts.map((sort) => ({ ...sort, held: new Map<string, Statement>() }))
  connection.prepare = ((sql: string) => {
    if (changesSchema.test(sql)) for (const { held } of kept) held.clear()
    const sort = kept.find(({ longest }) => sql.length <= longest)
    if (!sort) return prepare(sql)
    const { held, most } = sort
    const statement = held.get(sql) ?? prepare(sql)
    held.delete(sql)
    held.set(sql, statement)
    if (held.size > most) held.delete(held.keys().next().value as string)
    return statement
  }) as typeof connection.prepare
}
