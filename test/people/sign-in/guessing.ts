import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { type Browser, browser, buildTestApp, password } from '../../fixtures/app.ts'
import { codeFor, setUpFactor } from '../../fixtures/authenticator.ts'

const office = '203.0.113.9'
const wrong = 'Wrong wrong 1'
const stranger = (app: FastifyInstance, address = office) => browser(app, {}, address)
const knock = async (one: Browser, username: string, typed = password) =>
  (await one.post('/login', { username, password: typed })).status
const user = (db: Knex, username = '李雷') => db('users').where({ username }).first()
const minutesAhead = (instant: string) => Math.round((Date.parse(instant) - Date.now()) / 60_000)

/** A browser of the office in which this person signed in before. */
async function known(app: FastifyInstance, username: string) {
  const one = stranger(app)
  t.equal(await knock(one, username), 303)
  await one.post('/logout')
  return one
}

t.test('who guesses keeps no known browser of the person out, nor the machine itself', async (t) => {
  const { app, db } = await buildTestApp(t)
  const his = await known(app, '李雷')
  for (let n = 0; n < 8; n++) await knock(stranger(app, `198.51.100.${n}`), '李雷', wrong)
  t.equal(await knock(stranger(app, '198.51.100.99'), '李雷'), 422, 'strangers wait, whatever they type')
  t.equal(await knock(his, '李雷'), 303, 'he goes on where he signed in before')
  t.equal(await knock(browser(app, {}), '李雷'), 303, 'and at the machine')
  t.equal(await knock(stranger(app, '198.51.100.99'), '李雷'), 422, 'which clears nothing for strangers')
  t.not((await user(db)).locked_until_at, null)
})

t.test('a flood from the address of the office holds up strangers there alone', async (t) => {
  const { app, db } = await buildTestApp(t)
  const his = await known(app, '李雷')
  const flood = Array.from({ length: 310 }, () => stranger(app).post('/login', { username: '', password: '' }))
  t.ok((await Promise.all(flood)).some(({ status }) => status === 429))
  t.equal(await knock(stranger(app), '李雷'), 429)
  t.equal(await knock(his, '李雷'), 303, 'a browser in which he signed in before')
  t.equal(await knock(his, '王芳'), 429, 'known for him only')
  const here = Array.from({ length: 310 }, () => browser(app, {}).post('/login', { username: '', password: '' }))
  await Promise.all(here)
  t.equal(await knock(browser(app, {}), '韩梅梅'), 303, 'the machine itself')
  t.equal((await user(db)).failures, 0)
})

t.test('a known browser has a budget of its own, and is known for its people only', async (t) => {
  const { app, db } = await buildTestApp(t)
  const his = await known(app, '李雷')
  for (let n = 0; n < 5; n++) await knock(his, '李雷', wrong)
  t.equal(await knock(his, '李雷'), 422)
  t.equal(await knock(stranger(app), '李雷'), 303, 'others do not wait for it')
  t.equal((await user(db)).failures, 0)
  await knock(his, '王芳', wrong)
  t.equal((await user(db, '王芳')).failures, 1, 'for somebody else it is a stranger')
  const cookie = his.cookies.kehu_known as string
  const [token, mark] = cookie.split('.')
  for (const forged of [`${token}x.${mark}`, `${token}.${'A'.repeat(22)}`, `.${mark}`, cookie.slice(0, -1)]) {
    await db('users').update({ failures: 0, locked_until_at: null })
    await knock(browser(app, { kehu_known: forged }, office), '李雷', wrong)
    t.equal((await user(db)).failures, 1, forged)
  }
  await knock(his, '王芳')
  t.equal((his.cookies.kehu_known as string).split('.').length, 3, 'a shared browser is known for each of its people')
})

t.test('each wrong one waits twice as long as the one before, and one only is looked at', async (t) => {
  const { app, db } = await buildTestApp(t)
  const one = stranger(app)
  for (let n = 0; n < 5; n++) await knock(one, '李雷', wrong)
  const waits = [minutesAhead((await user(db)).locked_until_at)]
  for (let n = 0; n < 5; n++) {
    await db('users').update({ locked_until_at: new Date(Date.now() - 1).toISOString() })
    await Promise.all(Array.from({ length: 6 }, () => knock(one, '李雷', wrong)))
    waits.push(minutesAhead((await user(db)).locked_until_at))
  }
  t.strictSame(waits, [1, 2, 4, 8, 15, 15])
  await db('users').update({ locked_until_at: new Date(Date.now() - 16 * 60_000).toISOString() })
  await knock(one, '李雷', wrong)
  t.match(await user(db), { failures: 1, locked_until_at: null }, 'after the longest wait all is forgotten')
})

t.test('twenty wrong passwords of one clerk make nobody else of the office wait', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const clerk = stranger(app)
  for (let n = 0; n < 20; n++) await knock(clerk, '王芳', wrong)
  for (let n = 0; n < 20; n++) await knock(clerk, 'wangfang', wrong)
  t.equal(await knock(stranger(app), '李雷'), 303, 'also in a browser that was never seen')
  t.equal((await db('events').where({ action: 'sender-locked' })).length, 0)
  t.match((await (await as('韩梅梅')).get('/sessions/senders')).text, '没有锁定的地址')
})

t.test('an address that tries many names waits, but for known browsers there', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const his = await known(app, '李雷')
  const many = Array.from({ length: 40 }, (_, n) => knock(stranger(app), `nobody${n}`, wrong))
  const statuses = await Promise.all([...many, knock(stranger(app), '李雷')])
  t.strictSame([...new Set(statuses)], [422], 'of many at once the last are no longer looked at, be it the right one')
  t.match(await db('sender_failures').where({ sender: office }).first(), { failures: 20 })
  await db('users').update({ failures: 0, locked_until_at: null })
  t.equal(await knock(stranger(app), '王芳'), 422)
  t.equal((await user(db, '王芳')).failures, 0, 'what is not heard counts for nobody')
  t.equal(await knock(his, '李雷'), 303)
  t.match((await (await as('韩梅梅')).get('/sessions/senders')).text, office)
})

t.test('a name that nobody has is answered, counted and held back like one that is there', async (t) => {
  const { app, db } = await buildTestApp(t)
  const answers = async (username: string, address: string) => {
    const seen = []
    for (let n = 0; n < 7; n++) {
      const { status, body, headers } = await stranger(app, address).post('/login', { username, password: wrong })
      const { 'content-length': length, 'set-cookie': set } = headers
      seen.push({ status, body: body.replaceAll(username, '?'), length: Number(length) - username.length, set })
    }
    const counted = await db('sender_failures').where({ sender: address }).first('failures')
    return { seen, counted }
  }
  t.strictSame(await answers('王芳', '198.51.100.1'), await answers('赵无', '198.51.100.2'))
})

t.test('the counters are bounded', async (t) => {
  const { app, db } = await buildTestApp(t)
  const old = { failures: 1, failed_at: new Date().toISOString(), locked_until_at: null }
  await db('sender_failures').insert([
    { id: 1, sender: '198.51.100.1', ...old },
    { id: 10_001, sender: '198.51.100.2', ...old },
  ])
  await knock(stranger(app), '王芳', wrong)
  t.strictSame(await db('sender_failures').orderBy('id').pluck('sender'), ['198.51.100.2', office])
})

t.test('an unlocked account and a new password open the own browser too', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const his = await known(app, '李雷')
  for (let n = 0; n < 5; n++) await knock(his, '李雷', wrong)
  const admin = await as('韩梅梅')
  const fresh = { password: '一个新密码 New1', password_again: '一个新密码 New1' }
  await admin.post(`/users/${(await user(db)).id}/password-reset`, fresh)
  t.equal(await knock(his, '李雷', fresh.password), 303)
})

t.test('wrong codes of strangers leave the known browser its own tries', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const { secret } = await setUpFactor(await as('李雷'))
  const his = stranger(app)
  await knock(his, '李雷')
  t.equal((await his.post('/login/second-factor', { code: codeFor(secret, 30) })).status, 303)
  await his.post('/logout')
  await db('second_factors').update({ last_step: 0 })
  const thief = stranger(app, '198.51.100.7')
  t.equal(await knock(thief, '李雷'), 303, 'the password is known to him')
  const other = codeFor(secret) === '000000' ? '000001' : '000000'
  for (let n = 0; n < 6; n++) await thief.post('/login/second-factor', { code: other })
  t.equal((await thief.post('/login/second-factor', { code: codeFor(secret) })).status, 422)
  await knock(his, '李雷')
  t.equal((await his.post('/login/second-factor', { code: codeFor(secret) })).status, 303)
})

t.test('a change of the settings is kept to', async (t) => {
  const { app, db } = await buildTestApp(t)
  await changeSettings(db, { failuresBeforeLock: 3, lockMinutes: 1 })
  for (let n = 0; n < 3; n++) await knock(stranger(app), '李雷', wrong)
  t.equal(await knock(stranger(app), '李雷'), 422)
})
