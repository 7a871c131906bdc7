import type { Knex } from 'knex'
import { recent } from '../lru-cache.ts'
import { readRows } from './rows.ts'

export type Engine = 'sqlite' | 'mssql'

/** Which database a handle (or a transaction of it) speaks to. */
export const engine = (db: Knex): Engine => (db.client.config.client === 'better-sqlite3' ? 'sqlite' : 'mssql')

/** `isFilled`: no row is without it. */
export type Order = { column: string; order?: 'asc' | 'desc'; isFilled?: boolean }

/** One page of a query. The order is required: SQL Server refuses OFFSET without ORDER BY. */
export function paginate<Q extends Knex.QueryBuilder>(
  query: Q,
  { order, offset, size }: { order: Order[]; offset: number; size: number },
): Q {
  return query.orderBy(order).limit(size).offset(offset) as Q
}

/**
 * Rows in which one of the columns contains the term, whatever the case of Latin letters; `[` is a wildcard on SQL Server
 * only, which by the order of many a database would take 𠮷 for nothing and find it everywhere.
 */
export function contains<Q extends Knex.QueryBuilder>(query: Q, columns: string[], term: string): Q {
  const pattern = `%${escapeLike(term)}%`
  const order = engine(query as never) === 'mssql' ? ' collate Latin1_General_100_CI_AS_SC' : ''
  return query.where((any) => {
    for (const column of columns) any.orWhereRaw(`??${order} like ? escape '\\'`, [column, pattern])
  }) as Q
}

/** Rows in which a column is one of some texts, sign by sign: SQL Server looks in its index by its own order first. */
export function isText<Q extends Knex.QueryBuilder>(query: Q, column: string, texts: string[]): Q {
  query.whereIn(column, texts)
  if (engine(query as never) === 'sqlite') return query
  const places = texts.map(() => '?').join(', ')
  return query.whereRaw(`?? collate Latin1_General_100_BIN2 in (${places})`, [column, ...texts]) as Q
}

/** Rows in which one of the columns contains the digits, with blanks or dashes between them or not. */
export function containsDigits<Q extends Knex.QueryBuilder>(query: Q, columns: string[], digits: string): Q {
  return query.where((any) => {
    for (const column of columns)
      any.orWhereRaw("replace(replace(??, '-', ''), ' ', '') like ?", [column, `%${digits}%`])
  }) as Q
}

/** Rows in which a column begins with the term, by its index: LIKE uses none on SQLite, a range follows no collation on SQL Server. */
export function startsWith<Q extends Knex.QueryBuilder>(query: Q, column: string, term: string): Q {
  if (engine(query as never) === 'sqlite')
    return query.where(column, '>=', term).where(column, '<', `${term}\u{10FFFF}`) as Q
  return query.whereRaw("?? like ? escape '\\'", [column, `${escapeLike(term)}%`]) as Q
}

const mostParameters = 500

/**
 * Rows in which a column is one of many ids. SQL Server takes 2,100 parameters, so a long list stands in the text; for
 * SQLite it is one parameter, so that the statement is prepared once.
 */
export function whereIdIn<Q extends Knex.QueryBuilder>(query: Q, column: string | Knex.Raw, ids: number[]): Q {
  if (ids.length <= mostParameters) return query.whereIn(column as string, ids) as Q
  const place = typeof column === 'string' ? '??' : '?'
  if (engine(query as never) === 'sqlite')
    return query.whereRaw(`${place} in (select value from json_each(?))`, [column, JSON.stringify(ids)]) as Q
  return query.whereRaw(`${place} in (${ids.map(Math.trunc).join(', ')})`, [column]) as Q
}

/** A column added up, as `name`: SQL Server would add integers up in an integer, which is soon full (8115). */
export const sumOf = (db: Knex, column: string, name: string) => db.raw('sum(cast(?? as bigint)) as ??', [column, name])

/** Only the groups of a query that hold several rows. */
export const severalInGroup = <Q extends Knex.QueryBuilder>(query: Q): Q => query.havingRaw('count(*) > 1') as Q

export const escapeLike = (term: string) => term.replace(/[\\%_[]/g, '\\$&')

/** Of few sizes, so that prepared statements serve again (kernel/db/statements.ts): one for hundreds of rows takes a megabyte. */
const insertSizes = [400, 100, 25, 5, 1]

/** Inserts many rows; SQL Server takes 2,100 parameters a statement. Every row must have every key. */
export async function insertAll(db: Knex, table: string, rows: Record<string, unknown>[]) {
  await insertReturning(db, table, rows, [])
}

/** The same, and answers columns of the new rows, in any order. */
export async function insertReturning<T>(
  db: Knex,
  table: string,
  rows: Record<string, unknown>[],
  columns: string[],
): Promise<T[]> {
  if (rows.length === 0) return []
  const isSqlite = engine(db) === 'sqlite'
  const most = Math.floor((isSqlite ? 30_000 : 2000) / Object.keys(rows[0] as object).length)
  const sizes = insertSizes.filter((size) => size <= most)
  const made: T[] = []
  for (let at = 0; at < rows.length; ) {
    const size = sizes.find((size) => size <= rows.length - at) ?? 1
    const some = rows.slice(at, at + size)
    const answer = await (isSqlite ? insertValues(db, table, some, columns) : db(table).insert(some, columns))
    if (columns.length > 0) made.push(...(answer as T[]))
    at += size
  }
  return made
}

/**
 * For SQLite knex writes rows as a union of selects, which takes twice as long to write and to prepare; and it looks at
 * each of thousands of values several times, so they go to the client as they are.
 */
async function insertValues(
  db: Knex,
  table: string,
  rows: Record<string, unknown>[],
  returned: string[],
): Promise<unknown[]> {
  const names = Object.keys(rows[0] as object)
  const bindings: unknown[] = []
  for (const row of rows) for (const name of names) bindings.push(row[name] ?? null)
  const sql = insertTexts.get(`${table} ${rows.length} ${names} ${returned}`, () =>
    insertText(table, names, rows.length, returned),
  )
  const connection = await db.client.acquireConnection()
  try {
    const { response } = await db.client.query(connection, { sql, bindings })
    return returned.length > 0 ? readRows(response) : []
  } finally {
    await db.client.releaseConnection(connection)
  }
}

/** Of several hundred rows a statement has 20,000 characters, which would be put together and looked up anew each time. */
const insertTexts = recent<string>(50)

function insertText(table: string, names: string[], count: number, returned: string[]): string {
  const places = Array(count)
    .fill(`(${names.map(() => '?').join(', ')})`)
    .join(', ')
  const quoted = (list: string[]) => list.map((name) => `\`${name}\``).join(', ')
  const end = returned.length > 0 ? ` returning ${quoted(returned)}` : ''
  return `insert into ${quoted([table])} (${quoted(names)}) values ${places}${end}`
}

/** Sets values under a key, whether the row exists or not (the mssql dialect has no ON CONFLICT). */
export async function upsert(db: Knex, table: string, key: Record<string, unknown>, values: Record<string, unknown>) {
  const update = () => db(table).where(key).update(values)
  if (await update()) return
  try {
    await db(table).insert({ ...key, ...values })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await update()
  }
}

/** Sets a column of the rows of a few hundred ids, each to its own value. */
export async function setEach(db: Knex, table: string, column: string, values: [id: number, value: string][]) {
  const cases = values.map(() => 'when ? then ?').join(' ')
  const ids = values.map(([id]) => id)
  await db(table)
    .whereIn('id', ids)
    .update({ [column]: db.raw(`case ?? ${cases} end`, ['id', ...values.flat()]) })
}

/** A column as an ORDER BY or WHERE may use it without its index, where the other index must lead. SQL Server decides by itself. */
export const unindexed = (db: Knex, column: string): string | Knex.Raw =>
  engine(db) === 'sqlite' ? db.raw('+??', [column]) : column

type DriverError = { code?: string; number?: number }

/** A unique index refused the row: SQLITE_CONSTRAINT_UNIQUE; SQL Server 2601 and 2627. */
export function isUniqueViolation(error: unknown) {
  const { code, number } = error as DriverError
  return (
    code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || number === 2601 || number === 2627
  )
}

/** Another row still points here: SQLITE_CONSTRAINT_FOREIGNKEY; SQL Server 547. */
export function isForeignKeyViolation(error: unknown) {
  const { code, number } = error as DriverError
  return code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || number === 547
}

/**
 * Why a database, or a file beside it, cannot be written to just now; undefined for anything else. SQL Server: 1105 and
 * 9002 (full), 3906 (read-only), 1205 (deadlock), 1222 (lock); a lock it waits for too long is ETIMEOUT of the driver.
 */
export function storageFault(error: unknown): 'full' | 'readOnly' | 'busy' | undefined {
  const { code = '', number } = error as DriverError
  if (/^(SQLITE_FULL|ENOSPC$|EDQUOT$)/.test(code) || number === 1105 || number === 9002) return 'full'
  if (/^(SQLITE_(READONLY|CANTOPEN)|EROFS$|EACCES$|EPERM$)/.test(code) || number === 3906) return 'readOnly'
  if (code.startsWith('SQLITE_BUSY') || code === 'ETIMEOUT' || number === 1205 || number === 1222) return 'busy'
  return undefined
}
