import { join } from 'node:path'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { text } from '../../../src/texts/index.ts'
import { type Browser, browser, password, placeInstallation } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'

/** The program on a file, since a disk is what runs full; only the pragmas of SQLite can play one that does. */
async function onFile(t: Test): Promise<{ db: Knex; one: Browser }> {
  const folder = newFolder(t)
  const file = join(folder, 'kehu.db')
  await placeInstallation(file)
  const db = openDatabase({ client: 'better-sqlite3', file })
  const app = await buildApp(readConfig({ DATA_DIR: folder }), db)
  t.teardown(async () => {
    await app.close()
    await db.destroy()
  })
  const one = browser(app, {})
  await one.post('/login', { username: 'mr', password })
  return { db, one }
}

const everything = (db: Knex) =>
  Promise.all(['customers', 'events', 'tallies', 'submissions', 'numbers', 'users'].map((table) => db(table)))

const company = (notes: string) => ({
  name: '满盘公司',
  kind: 'company',
  registered_on: '2026-05-04',
  owner_id: 1,
  notes,
  is_duplicate_accepted: 'true',
})

t.test('a read-only disk: pages are shown, nothing is saved, and the person is told', async (t) => {
  const { db, one } = await onFile(t)
  await one.post('/customers', company(''))
  const before = await everything(db)
  await db('sessions').update({ seen_at: new Date(Date.now() - 5 * 60_000).toISOString() })
  await db.raw('pragma query_only = on')
  const refused = await one.post('/customers', company(''))
  t.equal(refused.status, 503)
  t.match(refused.text, text.errors.readOnly)
  t.match(refused.text, text.errors.titles[503])
  for (const url of ['/customers', '/customers/1', '/customers/1/edit', '/users', '/dictionaries', '/contacts?q=a'])
    t.equal((await one.get(url)).status, 200, url)
  t.equal((await one.post('/customers', { name: '' })).status, 422, 'mistakes are still told')
  t.strictSame(await everything(db), before)
  await db.raw('pragma query_only = off')
  t.equal((await one.post('/customers', company(''))).status, 303)
})

t.test('a full disk: nothing by halves, and it goes on when there is room', async (t) => {
  const { db, one } = await onFile(t)
  const [{ page_count }] = await db.raw('pragma page_count')
  await db.raw(`pragma max_page_count = ${page_count}`)
  const before: unknown[] = []
  const save = async () => {
    before.splice(0, before.length, ...(await everything(db)))
    return one.post('/customers', company('长'.repeat(4000)))
  }
  let answer = await save()
  for (let tries = 0; answer.status === 303 && tries < 200; tries++) answer = await save()
  t.equal(answer.status, 503)
  t.match(answer.text, text.errors.full)
  t.strictSame(await everything(db), before)
  t.equal((await one.get('/customers')).status, 200)
  t.strictSame(await db.raw('pragma integrity_check'), [{ integrity_check: 'ok' }])
  await db.raw(`pragma max_page_count = ${page_count * 2}`)
  t.equal((await one.post('/customers', company('长'.repeat(4000)))).status, 303)
  t.strictSame(await db.raw('pragma integrity_check'), [{ integrity_check: 'ok' }])
})
