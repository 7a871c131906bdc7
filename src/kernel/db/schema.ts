import type { Knex } from 'knex'
import { engine, insertAll } from './dialect.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import { outsideSearch } from './search-tables.ts'

export type SchemaColumn = { name: string; kind: 'text' | 'number' | 'flag' }
/** A table: its columns in order, those of its key, and whether the database numbers its rows. */
export type Table = { name: string; columns: SchemaColumn[]; key: string[]; isNumbered: boolean }

type ColumnInfo = { name: string; type: string; pk: number }

/** Every table of the program, by name: what the migrations make, read off an empty database in memory. */
export async function tablesOfProgram(): Promise<Table[]> {
  const db = openDatabase({ client: 'better-sqlite3', file: ':memory:' })
  try {
    await migrate(db)
    const found: { name: string; sql: string }[] = await db('sqlite_master')
      .where({ type: 'table' })
      .whereRaw(`name not glob 'sqlite_*' and name not glob 'knex_*' and ${outsideSearch}`)
      .orderBy('name')
      .select('name', 'sql')
    const tables: Table[] = []
    for (const { name, sql } of found) {
      const columns: ColumnInfo[] = await db.raw('select name, type, pk from pragma_table_info(?)', [name])
      const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
      tables.push({
        name,
        columns: columns.map(({ name, type }) => ({ name, kind: kindOf(type) })),
        key: key.map(({ name }) => name),
        isNumbered: /autoincrement/i.test(sql),
      })
    }
    return tables
  } finally {
    await db.destroy()
  }
}

function kindOf(type: string): SchemaColumn['kind'] {
  if (/bool/i.test(type)) return 'flag'
  return /int|real|float|double|decimal/i.test(type) ? 'number' : 'text'
}

/** Does work in which rows may point at rows that are not there yet; at its end every reference must hold. */
export async function withoutReferences(trx: Knex, tables: string[], work: () => Promise<void>) {
  if (engine(trx) === 'sqlite') {
    await trx.raw('pragma defer_foreign_keys = on')
    return work()
  }
  for (const table of tables) await trx.raw('alter table ?? nocheck constraint all', [table])
  await work()
  for (const table of tables) await trx.raw('alter table ?? with check check constraint all', [table])
}

/**
 * Inserts rows with the numbers they have elsewhere. SQL Server must be told so in the same statement: each is a batch of
 * its own to the driver, and what one SETs ends with it (544).
 */
export async function insertWithIds(
  trx: Knex,
  { name, isNumbered }: Pick<Table, 'name' | 'isNumbered'>,
  rows: Record<string, unknown>[],
) {
  if (!isNumbered || engine(trx) === 'sqlite' || rows.length === 0) return insertAll(trx, name, rows)
  const atOnce = Math.min(1000, Math.floor(2000 / Object.keys(rows[0] as object).length))
  for (let at = 0; at < rows.length; at += atOnce) {
    const { sql, bindings } = trx(name)
      .insert(rows.slice(at, at + atOnce))
      .toSQL()
    await trx.raw(`set identity_insert ?? on; ${sql}; set identity_insert ?? off`, [name, ...bindings, name])
  }
}

/** The highest number a table has given, also to rows that are gone: it must not come again. 0 where it gave none. */
export async function lastId(db: Knex, name: string): Promise<number> {
  if (engine(db) === 'mssql') return (await lastOnServer(db, name)) ?? 0
  const row = await db('sqlite_sequence').where({ name }).first('seq')
  return row?.seq ?? 0
}

/** Null for a table that never had a row, for which ident_current says 1. */
async function lastOnServer(db: Knex, name: string): Promise<number | null> {
  const [row] = await db.raw(
    'select convert(bigint, last_value) as last_id_count from sys.identity_columns where object_id = object_id(?)',
    [name],
  )
  return row?.last_id_count ?? null
}

/** Lets a table go on behind a number. On SQL Server one that never had a row gives the number it is set to itself. */
export async function setLastId(trx: Knex, name: string, last: number) {
  if (engine(trx) === 'mssql') {
    const next = (await lastOnServer(trx, name)) === null ? last + 1 : last
    if (last > 0) await trx.raw(`dbcc checkident ('${name.replaceAll("'", "''")}', reseed, ${Math.trunc(next)})`)
    return
  }
  const changed = await trx('sqlite_sequence').where({ name }).update({ seq: last })
  if (!changed) await trx('sqlite_sequence').insert({ name, seq: last })
}

/** The next rows of a table behind one, in the order of its key. */
export async function rowsAfter(
  db: Knex,
  { name, columns, key }: Table,
  last: Record<string, unknown> | undefined,
  limit: number,
): Promise<Record<string, unknown>[]> {
  const query = db(name).select(columns.map((column) => column.name))
  if (last)
    query.where((any) => {
      for (const [index, column] of key.entries())
        any.orWhere((way) => {
          for (const before of key.slice(0, index)) way.where(before, last[before] as string)
          way.where(column, '>', last[column] as string)
        })
    })
  return query.orderBy(key.map((column) => ({ column }))).limit(limit)
}
