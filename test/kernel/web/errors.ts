import { readdirSync, readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { requestNumber } from '../../../src/kernel/web/errors.ts'
import { Refusal } from '../../../src/kernel/web/refusal.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { text } from '../../../src/texts/index.ts'
import { browser, password } from '../../fixtures/app.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { newFolder } from '../../fixtures/folder.ts'

const secret = 'insert into users values (秘密)'

const { log, one } = await faultyApp()

/** The program with a route for each fault there may be, and what it logs. */
async function faultyApp() {
  const { db, drop } = await openTestDatabase()
  await presetInstallation(db, password)
  const log: string[] = []
  const stream = new Writable({
    write: (line, _encoding, done) => {
      log.push(String(line))
      done()
    },
  })
  const app = await buildApp(readConfig({ DATA_DIR: newFolder(t) }), db, { logger: { level: 'warn', stream } })
  const fail = (path: string, error: () => unknown) => {
    const handler = async () => {
      throw error()
    }
    app.get(path, { config: { permission: 'signed-in' } }, handler)
    app.post(path, { config: { permission: 'signed-in' } }, handler)
  }
  fail('/fault', () => new Error(secret))
  fail('/full', () => Object.assign(new Error(secret), { code: 'SQLITE_FULL' }))
  fail('/busy', () => Object.assign(new Error(secret), { number: 1205 }))
  fail('/refused', () => new Refusal({ status: 409, message: '请<重新>打开' }))
  t.teardown(async () => {
    await app.close()
    await drop()
  })
  const one = browser(app, {})
  await one.post('/login', { username: 'mr', password })
  return { log, one }
}

const faults = () => log.filter((line) => line.includes('request failed')).length

t.test('a fault is a page with a number, and the log has the rest under it', async (t) => {
  const answer = await one.post('/fault', { name: '机密' })
  t.equal(answer.status, 500)
  t.match(answer.text, text.errors.fault)
  t.notMatch(answer.body, /insert into|秘密/)
  const logged = log.find((line) => line.includes('request failed')) ?? ''
  const number = JSON.parse(logged || '{}').number
  t.match(number, /^[0-9A-Z]{9,}$/)
  t.match(answer.text, number)
  t.match(logged, secret)
  t.notMatch(log.join(''), '机密', 'what was typed is not logged')
})

t.test('a disk or a database that cannot take it says so', async (t) => {
  for (const [path, sentence] of [
    ['/full', text.errors.full],
    ['/busy', text.errors.busy],
  ] as const) {
    const answer = await one.post(path)
    t.equal(answer.status, 503)
    t.match(answer.text, sentence)
    t.notMatch(answer.body, /insert into/)
  }
})

t.test('each status that a refusal has is told by a title of its own', (t) => {
  const root = new URL('../../../src/', import.meta.url)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const refusals = files.flatMap((file) => [
    ...readFileSync(new URL(file, root), 'utf8').matchAll(/new Refusal\(\{\s*status: (\d+)/g),
  ])
  const statuses = new Set(refusals.map(([, status]) => status as string))
  t.ok(statuses.has('409'))
  t.strictSame(
    [...statuses].filter((status) => !Object.hasOwn(text.errors.titles, status)),
    [],
  )
  t.end()
})

t.test('a part of a page gets a small alert instead', async (t) => {
  const part = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'section#x' }
  const faults = [
    ['/fault', 500, text.errors.fault],
    ['/refused', 409, '请&lt;重新&gt;打开'],
    ['/customers/x', 404, text.errors.notFound],
  ] as const
  for (const [path, status, sentence] of faults) {
    const answer = await one.get(path, part)
    t.equal(answer.status, status)
    t.match(answer.headers, { 'hx-retarget': '#flash', 'hx-reswap': 'innerHTML' })
    t.ok(answer.body.includes(sentence), path)
    t.ok(answer.page.querySelector('[role=alert]'))
    t.notOk(answer.page.querySelector('html'))
  }
})

t.test('addresses that lead nowhere are not found, however they are written', async (t) => {
  const before = faults()
  const bad = [
    '/customers/1%20or%201=1',
    '/customers/9223372036854775808',
    '/customers/0',
    '/customers/-1',
    '/customers/1.5',
    '/customers/2147483647',
    '/nowhere',
    '/customers/%E0%A4%A',
    '/dictionaries/users',
    '/customers/1e3',
    `/customers/${'9'.repeat(300)}`,
    `/customers/${'%E4%B8%AD'.repeat(200)}`,
    '/a/b%2',
  ]
  for (const path of bad) {
    const { status, body } = await one.get(path)
    t.ok(status === 404 || status === 400, `${path} answers ${status}`)
    t.ok(body.includes('<html lang="zh-CN">'), path)
  }
  t.equal((await one.send({ method: 'DELETE', url: '/customers/1' })).status, 404)
  const json = await one.send({
    method: 'POST',
    url: '/customers',
    payload: '{',
    headers: { 'content-type': 'application/json' },
  })
  t.equal(json.status, 415)
  const strange = await one.send({
    method: 'POST',
    url: '/customers',
    payload: 'x',
    headers: { 'content-type': 'text/strange' },
  })
  t.equal(strange.status, 415)
  const none = await one.send({ method: 'POST', url: '/customers' })
  t.ok(none.status >= 400 && none.status < 500, `a form without anything answers ${none.status}`)
  t.equal(faults(), before, 'none of them is a fault')
})

t.test('numbers of requests differ', async (t) => {
  const numbers = Array.from({ length: 50 }, requestNumber)
  t.ok(new Set(numbers).size > 45)
})
