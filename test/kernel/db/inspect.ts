import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { inspectSqlite } from '../../../src/kernel/db/inspect.ts'
import { placeInstallation } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'

const leafOfTable = 0x0d

async function installed(t: Test, prepare: (sqlite: Sqlite.Database) => void = () => {}): Promise<string> {
  const file = join(newFolder(t), 'kehu.db')
  await placeInstallation(file)
  const sqlite = new Sqlite(file)
  prepare(sqlite)
  sqlite.close()
  return file
}

t.test('what stands in a database that is whole', async (t) => {
  const file = await installed(t)
  const found = await inspectSqlite(file, 'references')
  t.match(found, { faults: [], counts: { users: 1 }, log: { sequence: Number } })
  t.ok(found.migrations.length > 10)
  t.notOk(Object.keys(found.counts).some((name) => /^(sqlite_|customer_search_data)/.test(name)))
})

t.test('a page that is gone is found, though every table can still be counted', async (t) => {
  const file = await installed(t, (sqlite) => {
    sqlite.exec('create table long_ones (id integer primary key, number integer, content text)')
    sqlite.exec('create index long_ones_number on long_ones (number)')
    const insert = sqlite.prepare('insert into long_ones (number, content) values (?, ?)')
    for (let at = 0; at < 200; at++) insert.run(at, '长'.repeat(600))
  })
  const content = readFileSync(file)
  const size = content.readUInt16BE(16)
  const isLeaf = (at: number) =>
    content[at] === leafOfTable && content.subarray(at, at + size).includes('长'.repeat(100))
  const page = Array.from({ length: content.length / size }, (_, number) => number * size).findLast(isLeaf) as number
  writeFileSync(file, content.fill(0, page, page + size))
  t.strictSame((await inspectSqlite(file, 'counts')).counts.long_ones, 200)
  const { faults, counts } = await inspectSqlite(file)
  t.ok(faults.length > 0)
  t.strictSame(counts, {}, 'and nothing is told of it')
})

t.test('so is a value that its column does not take', async (t) => {
  const file = await installed(t, (sqlite) => {
    sqlite.pragma('ignore_check_constraints = on')
    sqlite.exec(`update users set name = '${'长'.repeat(1000)}'`)
  })
  const { faults, counts } = await inspectSqlite(file)
  t.match(faults, [/users/])
  t.strictSame(counts, {})
})

t.test('references are followed where that is asked for', async (t) => {
  const file = await installed(t, (sqlite) => {
    sqlite.pragma('foreign_keys = off')
    sqlite.exec('insert into user_roles (user_id, role_id) values (999999, 1)')
  })
  t.strictSame((await inspectSqlite(file)).faults, [])
  t.strictSame((await inspectSqlite(file, 'references')).faults, ['user_roles -> users'])
})

t.test('a file that is none, and a database of somebody else', async (t) => {
  const folder = newFolder(t, { 'garbage.db': 'this is no database, '.repeat(100) })
  t.match(await inspectSqlite(join(folder, 'garbage.db')), { faults: [/not a database/], migrations: [] })
  t.match(await inspectSqlite(join(folder, 'none.db')), { faults: [/open/] })
  const other = new Sqlite(join(folder, 'other.db'))
  other.exec('create table settings (name text, value text)')
  other.close()
  t.strictSame(await inspectSqlite(join(folder, 'other.db')), {
    faults: [],
    migrations: [],
    counts: {},
    company: null,
    keys: [],
  })
})
