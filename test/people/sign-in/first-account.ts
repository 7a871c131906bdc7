import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { browser } from '../../fixtures/app.ts'
import { openTestDatabase } from '../../fixtures/database.ts'

const factory = { username: 'mr', password: 'mrsoft' }
const fresh = '全新的密码 Fresh1'

async function newInstallation(t: { teardown(work: () => unknown): void }, initialPassword: string | null = null) {
  const { db, drop } = await openTestDatabase()
  await presetInstallation(db, initialPassword)
  const lines: string[] = []
  const logger = { level: 'trace', stream: { write: (line: string) => lines.push(line) } }
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'kehu-test-'))
  const app = await buildApp(readConfig({ DATABASE_URL: 'sqlite::memory:', DATA_DIR, TRUST_PROXY: 'true' }), db, {
    logger,
  })
  t.teardown(async () => {
    await app.close()
    await drop()
    rmSync(DATA_DIR, { recursive: true, force: true })
  })
  return { db, one: browser(app, {}), another: browser(app, {}), app, lines }
}

t.test('mr / mrsoft signs in first and must set a new password before anything else opens', async (t) => {
  const { db, one } = await newInstallation(t)
  t.equal((await one.post('/login', factory)).location, '/')
  for (const url of ['/', '/users', '/users/1', '/profile'])
    t.equal((await one.get(url)).location, '/profile/password', url)
  t.equal((await one.post('/users', { name: 'x' })).location, '/profile/password')
  const page = await one.get('/profile/password')
  t.match(page.text, '请先设置自己的密码')
  const change = { password_current: 'mrsoft', password: fresh, password_again: fresh }
  t.match(
    (await one.post('/profile/password', { ...change, password: 'MrSoft', password_again: 'MrSoft' })).text,
    '出厂',
  )
  t.equal((await one.post('/profile/password', change)).location, '/profile')
  t.equal((await one.get('/users')).status, 200)
  t.equal((await db('users').where({ username: 'mr' }).first()).is_factory_password, false)
  await one.post('/logout')
  t.equal((await one.post('/login', factory)).status, 422)
  t.equal((await one.post('/login', { username: 'MR', password: fresh })).status, 303)
})

t.test('the factory password opens nothing from outside', async (t) => {
  const { app, one } = await newInstallation(t)
  const outside = [
    { remoteAddress: '192.168.1.7' },
    { headers: { 'x-forwarded-for': '127.0.0.1, 203.0.113.9' } },
    { headers: { 'x-forwarded-for': '203.0.113.9' } },
    { headers: { 'x-real-ip': '203.0.113.9' } },
    { headers: { forwarded: 'for=203.0.113.9' } },
  ]
  const payload = new URLSearchParams(factory).toString()
  for (const way of outside) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...way.headers }
    const answer = await one.send({ method: 'POST', url: '/login', payload, ...way, headers })
    t.equal(answer.status, 422, JSON.stringify(way))
    t.match(answer.text, '用户名或密码不正确')
  }
  const proxied = await browser(app, {}).post('/login', factory, { 'x-forwarded-for': '127.0.0.1' })
  t.equal(proxied.status, 303, 'through a proxy on the machine itself')
})

t.test('no password gets into the log, at its most talkative and with the database gone', async (t) => {
  const { db, one, lines } = await newInstallation(t)
  await one.post('/login', factory)
  await one.post('/profile/password', { password_current: 'mrsoft', password: fresh, password_again: fresh })
  await db.schema.renameTable('events', 'gone')
  t.equal((await one.post('/login', { username: 'mr', password: fresh })).status, 500)
  await db.schema.renameTable('users', 'gone_too')
  t.equal((await one.post('/login', { username: 'mr', password: fresh })).status, 500)
  t.match(lines.join(''), 'request failed')
  for (const secret of ['mrsoft', fresh, encodeURIComponent(fresh), 'argon2id$'])
    t.notOk(lines.join('').includes(secret))
})

t.test('a password the operator gave is taken as it is, from anywhere', async (t) => {
  const { one, another } = await newInstallation(t, fresh)
  t.equal((await another.post('/login', factory)).status, 422)
  await one.post('/login', { username: 'mr', password: fresh }, { 'x-forwarded-for': '203.0.113.9' })
  t.equal((await one.get('/users')).status, 200)
})
