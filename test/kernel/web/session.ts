import { join } from 'node:path'
import type { Knex } from 'knex'
import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { browser, buildTestApp, password, placeInstallation } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const shift = (db: Knex, column: 'created_at' | 'seen_at', minutes: number) =>
  db('sessions').update({ [column]: ago(minutes) })

t.test('a session ends after 30 minutes without use, and every use prolongs it', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  await shift(db, 'seen_at', 29)
  t.equal((await one.get('/profile')).status, 200)
  t.ok((await db('sessions').first()).seen_at > ago(1), 'the use was written down')
  await shift(db, 'seen_at', 31)
  t.equal((await one.get('/profile')).location, '/login?to=%2Fprofile')
  t.equal((await db('sessions')).length, 0)
})

t.test('a session ends after 12 hours, used or not', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  await shift(db, 'created_at', 12 * 60 - 1)
  t.equal((await one.get('/profile')).status, 200)
  await shift(db, 'created_at', 12 * 60 + 1)
  t.equal((await one.get('/profile')).status, 303)
})

t.test('both limits are settings', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  await changeSettings(db, { idleMinutes: 5 })
  await shift(db, 'seen_at', 6)
  t.equal((await one.get('/profile')).status, 303)
  const another = await as('李雷')
  await changeSettings(db, { longestSessionHours: 1 })
  await shift(db, 'created_at', 61)
  t.equal((await another.get('/profile')).status, 303)
})

t.test('the key is in the database only as its hash, and in the cookie out of reach of scripts', async (t) => {
  const { app, db } = await buildTestApp(t)
  const one = browser(app, {})
  const answer = await one.post('/login', { username: '李雷', password })
  const [set] = [answer.headers['set-cookie']].flat()
  t.match(set, /^kehu_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  const [{ token_hash }] = await db('sessions').select('token_hash')
  t.notOk(token_hash.includes(one.cookies.kehu_session))
  t.equal((await browser(app, { kehu_session: token_hash }).get('/profile')).status, 303)
  t.equal((await browser(app, { kehu_session: "' or 1=1" }).get('/profile')).status, 303)
})

t.test('behind a proxy with TLS the keys are for this host and TLS alone, and work', async (t) => {
  const { app } = await buildTestApp(t, { TRUST_PROXY: 'true' })
  const one = browser(app, {})
  const https = { 'x-forwarded-proto': 'https' }
  const answer = await one.post('/login', { username: '李雷', password }, https)
  const [set] = [answer.headers['set-cookie']].flat()
  t.match(set, /^__Host-kehu_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  t.equal((await one.get('/profile', https)).status, 200)
  t.equal((await one.get('/profile')).status, 303, 'without TLS it is no key')
})

t.test('two servers on one database share sessions and rights', async (t) => {
  const DATA_DIR = newFolder(t)
  const database = { client: 'better-sqlite3', file: join(DATA_DIR, 'shared.db') } as const
  await placeInstallation(database.file)
  const config = readConfig({ DATABASE_URL: `sqlite:${database.file}`, DATA_DIR })
  const servers = [openDatabase(database), openDatabase(database)]
  const [first, second] = servers as [Knex, Knex]
  const [here, there] = [await buildApp(config, first), await buildApp(config, second)]
  t.teardown(async () => {
    for (const app of [here, there]) await app.close()
    for (const db of servers) await db.destroy()
  })
  const one = browser(here, {})
  await one.post('/login', { username: 'mr', password })
  const same = browser(there, one.cookies)
  t.equal((await same.get('/users')).status, 200)
  const role = await first('roles').where({ code: 'user' }).first('id')
  const user = {
    username: 'zhao',
    name: '赵敏',
    role_id: role.id,
    password: 'Zcode 一二三',
    password_again: 'Zcode 一二三',
  }
  const made = await same.post('/users', user)
  t.match((await one.get(made.location as string)).text, '赵敏', 'what one server writes the other shows')
  await same.post('/logout')
  t.equal((await one.get('/users')).status, 303, 'ended on one, ended on both')
})

t.test('people who left are signed out at once, whatever became of their sessions', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  t.equal((await one.get('/profile')).status, 200)
  await db('users').where({ username: '李雷' }).update({ status: 'left' })
  t.equal((await db('sessions')).length, 1, 'a server that was away did not end it')
  t.match((await one.get('/profile')).location, /^\/login/)
  t.equal((await one.post('/profile', { version: 1 })).status, 401)
})
