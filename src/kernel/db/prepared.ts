import type { Knex } from 'knex'

/**
 * A query that differs from call to call only in its values, which `names` tells: knex builds and compiles it once for each
 * database, for that takes longer than running it. It answers the rows.
 */
export function prepared<V extends Record<string, unknown>, R>(
  names: (keyof V & string)[],
  build: (db: Knex, values: V) => Knex.QueryBuilder,
): (db: Knex, values: V) => Promise<R[]> {
  const compiled = new WeakMap<object, Knex.Sql>()
  const marks = new Map<unknown, keyof V>(names.map((name) => [`\u0000${name}`, name]))
  const marked = Object.fromEntries([...marks].map(([mark, name]) => [name, mark])) as V
  return async (db, values): Promise<R[]> => {
    // A transaction has a client of its own, for that one time.
    if (db.isTransaction) return (await build(db, values)) as unknown as R[]
    const known = compiled.get(db.client)
    if (!known) {
      compiled.set(db.client, build(db, marked).toSQL())
      return (await build(db, values)) as unknown as R[]
    }
    const bindings = known.bindings.map((one) => (marks.has(one) ? values[marks.get(one) as keyof V] : one))
    return (await db.raw(known.sql, bindings as Knex.RawBinding[])) as R[]
  }
}
