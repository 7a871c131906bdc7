import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { type Answer, browser, buildTestApp, password } from '../../fixtures/app.ts'
import { codeFor, setUpFactor } from '../../fixtures/authenticator.ts'

const fresh = '一个新密码 New1'
const typed = { mobile: '13800138000', extension: '8"<b>\'&', version: '1' }

const fill = ({ page }: Answer, more: Record<string, string> = {}) => {
  const inputs = page.querySelectorAll('form input')
  const found = inputs.map((input) => [input.getAttribute('name'), input.getAttribute('value') ?? ''])
  return { ...Object.fromEntries(found), ...more } as Record<string, string>
}

t.test('what was typed survives second factor and expired password in between', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const one = await as('李雷')
  const { secret } = await setUpFactor(one)
  await db('sessions').delete()
  await changeSettings(db, { passwordDays: 30 })
  await db('users').update({ created_at: new Date(Date.now() - 31 * 86_400_000).toISOString() })
  const expired = await one.post('/profile', typed)
  t.equal(expired.status, 401)
  const toCode = await one.post('/login', fill(expired, { username: '李雷', password }))
  t.equal(toCode.location, '/login/second-factor')
  t.equal((await one.post('/login/second-factor', { code: '12345' })).status, 422)
  t.equal((await one.post('/login/second-factor', { code: codeFor(secret) })).status, 303)
  t.equal((await one.get('/')).location, '/profile/password')
  t.match((await one.get('/profile/password')).text, '超过 30 天')
  const change = { password_current: password, password: fresh, password_again: fresh }
  t.equal((await one.post('/profile/password', change)).location, '/kept-form')
  const again = await one.get('/kept-form')
  t.match(again.text, '您填写的内容已保留')
  t.equal(again.page.querySelector('form')?.getAttribute('action'), '/profile')
  t.equal((await one.post('/profile', fill(again))).location, '/profile')
  t.match(await db('users').where({ username: '李雷' }).first(), { mobile: typed.mobile, extension: typed.extension })
  t.equal((await browser(app, {}).get('/kept-form')).status, 303, 'nobody else sees it')
})

t.test('with the second factor alone it goes on at once', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  const { secret } = await setUpFactor(one)
  await db('sessions').delete()
  const expired = await one.post('/profile', typed)
  await one.post('/login', fill(expired, { username: '李雷', password }))
  const again = await one.post('/login/second-factor', { code: codeFor(secret) })
  t.equal(again.status, 200)
  t.equal((await one.post('/profile', fill(again))).location, '/profile')
  t.equal((await db('users').where({ username: '李雷' }).first()).mobile, typed.mobile)
  t.equal((await one.get('/kept-form')).location, '/', 'nothing is left behind')
})

t.test('a form sent while something else is due waits as well', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  await db('roles').where({ code: 'user' }).update({ is_second_factor_required: true })
  await db('revisions').increment('number', 1)
  t.equal((await one.post('/profile', typed)).location, '/profile/second-factor/new')
  await setUpFactor(one)
  t.match((await one.get('/profile')).page.querySelector('a[href="/kept-form"]')?.text, '继续保存')
  const again = await one.get('/kept-form')
  t.equal((await one.post('/profile', fill(again))).location, '/profile')
  t.equal((await db('users').where({ username: '李雷' }).first()).mobile, typed.mobile)
})

t.test('a session ended by the administrator while a form is typed loses nothing', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [one, admin] = [await as('李雷'), await as('韩梅梅')]
  const { id } = await db('users').where({ username: '李雷' }).first('id')
  await admin.post(`/users/${id}/sessions/deletion`)
  const expired = await one.post('/profile', typed)
  t.equal(expired.status, 401)
  const again = await one.post('/login', fill(expired, { username: '李雷', password }))
  t.equal((await one.post('/profile', fill(again))).location, '/profile')
  t.equal((await db('users').where({ id }).first()).mobile, typed.mobile)
})
