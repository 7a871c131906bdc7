import { randomBytes, scryptSync } from 'node:crypto'
import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { isPassword } from '../../../src/people/users/password.ts'
import { type Browser, browser, buildTestApp, password } from '../../fixtures/app.ts'

const change = (one: Browser, now: string, next: string) =>
  one.post('/profile/password', { password_current: now, password: next, password_again: next })
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

t.test('none of the last passwords comes back, as many as the settings say', async (t) => {
  const { db, as } = await buildTestApp(t)
  await changeSettings(db, { passwordHistory: 3 })
  const one = await as('李雷')
  const [a, b, c] = ['Alpha 111', 'Beta 2222', 'Gamma 333']
  t.equal((await change(one, password, a as string)).status, 303)
  t.equal((await change(one, a as string, b as string)).status, 303)
  for (const earlier of [a, password]) {
    const answer = await change(one, b as string, earlier as string)
    t.equal(answer.status, 422, earlier)
    t.match(answer.page.querySelector('#password-password-error')?.text, '最近 3 个密码')
  }
  t.equal((await change(one, b as string, c as string)).status, 303)
  t.equal((await change(one, c as string, password)).status, 303, 'the fourth may')
  await changeSettings(db, { passwordHistory: 0 })
  t.equal((await change(one, password, c as string)).status, 303)
  t.match((await change(one, c as string, c as string)).text, '不能与当前密码相同')
})

t.test('the rules are settings: length, kinds of signs, the user name', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  await changeSettings(db, { shortestPassword: 12, passwordKinds: 4, mayPasswordHoldUsername: true })
  t.match((await one.get('/profile/password')).text, '至少 12 位，含大写字母、小写字母、数字、其他符号中的至少 4 种。')
  t.match((await change(one, password, 'Short 1 x')).text, '至少 12 位')
  t.match((await change(one, password, 'Long1enoughToBe')).text, '至少 4 种')
  t.equal((await change(one, password, '李雷 Long1enough')).status, 303, 'with the user name')
  await changeSettings(db, { shortestPassword: 8, passwordKinds: 1, mayPasswordHoldUsername: false })
  t.equal((await change(one, '李雷 Long1enough', 'allsmallletters')).status, 303)
  t.match((await change(one, 'allsmallletters', '李雷李雷李雷李雷')).text, '不能含用户名')
})

t.test('passwords do not expire, until the settings say so', async (t) => {
  const { db, app, as } = await buildTestApp(t)
  await db('users').update({ created_at: ago(1000) })
  t.equal((await (await as('李雷')).get('/profile')).status, 200)
  await changeSettings(db, { passwordDays: 90 })
  const one = await as('李雷')
  t.equal((await one.get('/customers')).location, '/profile/password')
  t.match((await one.get('/profile/password')).text, '超过 90 天')
  t.equal((await change(one, password, 'Brand new 1')).location, '/profile')
  const again = browser(app, {})
  await again.post('/login', { username: '李雷', password: 'Brand new 1' })
  t.equal((await again.get('/profile')).status, 200)
  await db('old_passwords').update({ replaced_at: ago(85) })
  await again.post('/login', { username: '李雷', password: 'Brand new 1' })
  t.match((await again.get('/profile')).text, '5 天后到期')
  await db('old_passwords').update({ replaced_at: ago(90) })
  await again.post('/login', { username: '李雷', password: 'Brand new 1' })
  t.equal((await again.get('/profile')).location, '/profile/password')
})

t.test('a password stored in the way of an earlier version still opens, and is stored anew', async (t) => {
  const { db, app } = await buildTestApp(t)
  const salt = randomBytes(16)
  const key = scryptSync(password.normalize('NFKC'), salt, 32, { N: 2 ** 10, r: 8, p: 1 })
  const old = ['scrypt', 10, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$')
  await db('users').where({ username: '李雷' }).update({ password_hash: old })
  const one = browser(app, {})
  t.equal((await one.post('/login', { username: '李雷', password: 'Wrong wrong 1' })).status, 422)
  t.equal((await db('users').where({ username: '李雷' }).first()).password_hash, old)
  t.equal((await one.post('/login', { username: '李雷', password })).status, 303)
  const { password_hash } = await db('users').where({ username: '李雷' }).first()
  t.match(password_hash, /^argon2id\$/)
  t.ok(await isPassword(password, password_hash))
  t.equal((await one.post('/login', { username: '李雷', password })).status, 303)
})
