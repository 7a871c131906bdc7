import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { readConfig } from '../src/config.ts'
import { customersPage } from '../src/customers/customers/page.ts'
import { openDatabase } from '../src/kernel/db/open.ts'
import { everybody } from '../src/kernel/web/viewers.ts'
import { startProblem } from '../src/program/start-problem.ts'
import { text } from '../src/texts/index.ts'
import { newFolder } from './fixtures/folder.ts'
import { refusedStart, signedIn, startServer } from './fixtures/server.ts'

t.test('on an empty folder it makes its database and says where it is and how to sign in', async (t) => {
  const dataDir = join(newFolder(t), 'new', 'folder')
  const first = await startServer(t, { DATA_DIR: dataDir })
  t.ok(existsSync(join(dataDir, 'kehu.db')))
  t.match(first.output.text, text.server.ready(first.address))
  t.match(first.output.text, text.server.firstAccount('mr', 'mrsoft'))
  t.equal((await fetch(`${first.address}/login`)).status, 200)
  t.equal(await first.end('SIGTERM'), 0)
  const second = await startServer(t, { DATA_DIR: dataDir })
  t.notMatch(second.output.text, 'mrsoft')
  t.equal(await second.end('SIGINT'), 0)
  t.equal(first.output.errors + second.output.errors, '')
})

t.test('a start that cannot be says why in a sentence and ends with 1', async (t) => {
  const folder = newFolder(t, { file: '', 'garbage.db': 'this is no database, '.repeat(100) })
  const port = await takenPort(t)
  const wrong = { DATA_DIR: folder, PORT: 'x', HOST: '?', DATABASE_URL: 'oracle:', LOG_LEVEL: '!' }
  const [settings, inFile, garbage, taken] = await Promise.all([
    refusedStart(t, wrong),
    refusedStart(t, { DATA_DIR: join(folder, 'file', 'below') }),
    refusedStart(t, { DATA_DIR: folder, DATABASE_URL: `sqlite:${join(folder, 'garbage.db')}` }),
    refusedStart(t, { DATA_DIR: folder, PORT: String(port) }),
  ])
  for (const name of ['PORT', 'HOST', 'DATABASE_URL', 'LOG_LEVEL'] as const) t.match(settings.errors, text.config[name])
  t.match(inFile.errors, text.server.dataFolderRefused(join(folder, 'file', 'below'), 'ENOTDIR'))
  t.match(garbage.errors, text.server.databaseDamaged(join(folder, 'garbage.db'), join(folder, 'backups')))
  t.equal(readFileSync(join(folder, 'garbage.db'), 'utf8').slice(0, 7), 'this is', 'and leaves it alone')
  t.match(taken.errors, text.server.portTaken(port))
  for (const { code, errors } of [settings, inFile, garbage, taken]) {
    t.equal(code, 1)
    t.notMatch(errors, /\n {4}at /, 'no stack')
  }
})

t.test('each fault of the database or the disk has its own sentence, a fault of the program none', (t) => {
  const [here, there] = [
    readConfig({ DATA_DIR: '/d' }),
    readConfig({ DATABASE_URL: 'mssql://a:b@c/d', DATA_DIR: '/d' }),
  ]
  const { server } = text
  for (const [codes, sentence] of [
    ['SQLITE_NOTADB SQLITE_CORRUPT_INDEX', server.databaseDamaged('/d/kehu.db', '/d/backups')],
    ['SQLITE_FULL ENOSPC EDQUOT', server.diskFull('/d')],
    ['SQLITE_CANTOPEN SQLITE_READONLY_DBMOVED EACCES EROFS', server.databaseClosed('/d/kehu.db')],
    ['SQLITE_IOERR_READ EIO', server.diskFailing('/d/kehu.db')],
    ['SQLITE_BUSY SQLITE_LOCKED', server.databaseBusy('/d/kehu.db')],
    ['SQLITE_SCHEMA', server.databaseRefused('why')],
    ['ERR_ASSERTION', undefined],
  ] as const)
    for (const code of codes.split(' ')) t.equal(startProblem({ code, message: 'why' }, here), sentence, code)
  t.equal(startProblem(new TypeError('why'), here), undefined)
  t.equal(startProblem({ code: 'ELOGIN', message: 'why' }, there), server.databaseRefused('why'))
  t.equal(startProblem(new TypeError('why'), there), undefined)
  t.end()
})

async function takenPort(t: Test): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  return (other.address() as AddressInfo).port
}

t.test('killed in the middle of saves, it keeps everything it had answered, and nothing by halves', async (t) => {
  const dataDir = newFolder(t)
  const password = '足够长的密码 2026'
  const server = await startServer(t, { DATA_DIR: dataDir, INITIAL_PASSWORD: password })
  const post = await signedIn(server.address, 'mr', password)
  const owner_id = await firstUser(dataDir)
  const saved = new Set<string>()
  const form = (name: string) => ({ name, kind: 'company', registered_on: '2026-05-04', owner_id })
  const save = async (_: unknown, index: number) => {
    const name = `断电${index}号公司`
    const { status } = await post('/customers', form(name))
    if (status === 303) saved.add(name)
  }
  const saves = Promise.allSettled(Array.from({ length: 50 }, save))
  while (saved.size < 10) await pause(1)
  await server.end('SIGKILL')
  await saves
  t.comment(`${saved.size} of 50 were answered before the kill`)
  const again = await startServer(t, { DATA_DIR: dataDir })
  const postAgain = await signedIn(again.address, 'mr', password)
  t.equal((await postAgain('/customers', form('断电之后公司'))).status, 303)
  await again.end('SIGTERM')
  await withDatabase(dataDir, (db) => checkWhole(t, db, [...saved, '断电之后公司']))
})

const withDatabase = async <T>(dataDir: string, work: (db: Knex) => Promise<T>): Promise<T> => {
  const db = openDatabase({ client: 'better-sqlite3', file: join(dataDir, 'kehu.db') })
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

const firstUser = (dataDir: string): Promise<string> =>
  withDatabase(dataDir, async (db) => String((await db('users').first('id')).id))

async function checkWhole(t: Test, db: Knex, saved: string[]) {
  t.strictSame(await db.raw('pragma integrity_check'), [{ integrity_check: 'ok' }])
  t.strictSame(await db.raw('pragma foreign_key_check'), [])
  const there: { id: number; name: string }[] = await db('customers').select('id', 'name').orderBy('id')
  const names = there.map(({ name }) => name)
  t.strictSame(
    saved.filter((name) => !names.includes(name)),
    [],
    'every answered customer is there',
  )
  t.equal(new Set(names).size, names.length)
  t.equal((await db('tallies').where({ module: 'customers', name: 'all' }).first()).row_count, names.length)
  t.strictSame(
    await db('events').where({ action: 'create' }).orderBy('record_id').pluck('record_id'),
    there.map(({ id }) => id),
  )
  t.equal((await db('submissions').where({ location: '' })).length, 0, 'no half forms')
  const found = await customersPage(db, { viewer: everybody, q: '断电', filters: {}, sort: null, page: 1, per: 100 })
  t.strictSame(
    found.rows.map(({ id }) => id).sort((a, b) => a - b),
    there.map(({ id }) => id),
  )
}
