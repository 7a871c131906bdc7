import '../../src/modules.ts'
import { readdirSync } from 'node:fs'
import type { Knex } from 'knex'
import t from 'tap'
import { checkForeignKeys, migrate, rollback } from '../../src/kernel/db/migrate.ts'
import { openDatabase } from '../../src/kernel/db/open.ts'
import { presetInstallation } from '../../src/operation/setup/installation.ts'
import { emptyDatabase } from '../fixtures/database.ts'
import { type Recorded, recordingServer } from '../fixtures/recording-mssql.ts'
import { schemaFaults } from '../fixtures/server-schema-rules.ts'
import { fillWorld } from '../fixtures/world.ts'

type Migration = { up(db: Knex): Promise<unknown>; down(db: Knex): Promise<unknown> }

const folder = new URL('../../migrations/', import.meta.url)
const names = readdirSync(folder).sort()
const load = (name: string): Promise<Migration> => import(new URL(name, folder).href)
const ownTables = /^(knex_|sqlite_|customer_search|module_search|contacts_text_search)/

async function tablesOf(db: Knex): Promise<string[]> {
  const onServer = db.client.config.client === 'mssql'
  const found: string[] = onServer
    ? await db('information_schema.tables').where({ table_type: 'BASE TABLE' }).pluck('table_name')
    : await db('sqlite_master').where({ type: 'table' }).pluck('name')
  return found.filter((name) => !ownTables.test(name)).sort()
}

async function emptyTables(db: Knex): Promise<string[]> {
  const empty: string[] = []
  for (const table of await tablesOf(db)) if (!(await db(table).first())) empty.push(table)
  return empty
}

t.test('up, filled, down to nothing, up again', async (t) => {
  const { database, drop } = await emptyDatabase()
  const db = openDatabase(database)
  t.teardown(async () => {
    await db.destroy()
    await drop()
  })
  await migrate(db)
  const tables = await tablesOf(db)
  await presetInstallation(db, null)
  await fillWorld(db)
  t.strictSame(await emptyTables(db), [], 'test/fixtures/world.ts puts a row into every table')
  await checkForeignKeys(db)
  for (const name of [...names].reverse()) {
    await db.transaction(async (trx) => void (await (await load(name)).down(trx)))
    await checkForeignKeys(db)
  }
  t.strictSame(await tablesOf(db), [], 'nothing is left')
  await db('knex_migrations').delete()
  await migrate(db)
  t.strictSame(await tablesOf(db), tables)
  await presetInstallation(db, null)
  await fillWorld(db)
  await rollback(db, true)
  t.strictSame(await tablesOf(db), [])
})

t.test('file names are in order and say what they do', async (t) => {
  for (const name of names) t.match(name, /^\d{14}_[a-z]+(_[a-z0-9]+)+\.ts$/)
  const stamps = names.map((name) => name.slice(0, 14))
  t.equal(new Set(stamps).size, stamps.length)
})

t.test('what SQL Server is told', async (t) => {
  const { db, seen } = recordingServer()
  for (const name of names) await (await load(name)).up(db)
  const text = seen.map(({ sql }) => sql)
  t.ok(text.length > 50, `${text.length} statements`)
  t.strictSame(
    text.filter((sql) => /\b(?<!n)varchar\b|\b(?<!n)text\b(?!\])|\bdatetime\b/i.test(sql)),
    [],
    'no old types',
  )
  t.strictSame(
    text.filter((sql) => /[^\p{ASCII}]/u.test(sql)),
    [],
    'ASCII only (knex #4582)',
  )
  t.strictSame(
    text.filter((sql) => !/^(create index|drop index|select)/.test(sql) && /\[\w+_at\] (?!datetime2\(3\))/.test(sql)),
    [],
    'instants',
  )
  t.strictSame(
    text.filter((sql) => !/^(create index|drop index|select)/.test(sql) && /\[\w+_on\] (?!date\b)/.test(sql)),
    [],
    'days',
  )
  const sizes = keySizes(seen)
  t.ok(sizes.length > 40, `${sizes.length} indexes and keys`)
  t.strictSame(
    sizes.filter(({ kind, bytes }) => bytes > (kind === 'index' ? 1700 : 900)),
    [],
    'keys are short enough',
  )
  for (const name of [...names].reverse()) await (await load(name)).down(db)
  t.strictSame(schemaFaults(seen.map(({ sql }) => sql)), [])
})

/** The greatest bytes of the key of every index (`index`) and primary key (`key`). */
function keySizes(seen: Recorded[]): { kind: string; at: string; bytes: number }[] {
  const lengths = new Map<string, number>()
  for (const { sql } of seen) {
    const table = /(?:CREATE|ALTER) TABLE \[(\w+)\]/i.exec(sql)?.[1]
    for (const [, column, length] of table ? sql.matchAll(/\[(\w+)\] nvarchar\((\w+)\)/g) : [])
      lengths.set(`${table}.${column}`, length === 'max' ? Number.POSITIVE_INFINITY : Number(length) * 2)
  }
  const bytes = (table: string, columns: string) =>
    [...columns.matchAll(/\[(\w+)\]/g)].reduce((sum, [, column]) => sum + (lengths.get(`${table}.${column}`) ?? 8), 0)
  return seen.flatMap(({ sql }) => {
    const table = /(?:\bon|table) \[(\w+)\]/i.exec(sql)?.[1] as string
    return [...sql.matchAll(/(INDEX|PRIMARY KEY)[^(]*\(([^)]*)\)/gi)].map(([, kind, columns]) => ({
      kind: kind?.toUpperCase() === 'INDEX' ? 'index' : 'key',
      at: sql.slice(0, 100),
      bytes: bytes(table, columns as string),
    }))
  })
}
