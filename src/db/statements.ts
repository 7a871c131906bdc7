import type { Database as Sqlite, Statement } from 'better-sqlite3'

const most = 500
const longest = 10_000
const changesSchema = /^\s*(create|alter|drop|pragma)/i

/**
 * Keeps the prepared statements of a connection for the next query of the same text, the last used ones: knex prepares
 * each query anew, which takes as long as running it. Every query of knex is run to its end, so none is in use twice.
 */
export function keepStatements(connection: Sqlite) {
  const prepare = connection.prepare.bind(connection) as (sql: string) => Statement
  const held = new Map<string, Statement>()
  connection.prepare = ((sql: string) => {
    if (changesSchema.test(sql)) held.clear()
    const statement = held.get(sql) ?? prepare(sql)
    held.delete(sql)
    if (sql.length <= longest) held.set(sql, statement)
    if (held.size > most) held.delete(held.keys().next().value as string)
    return statement
  }) as typeof connection.prepare
}
