import t from 'tap'
import { localPath } from '../../../src/kernel/web/local-path.ts'
import { type Answer, browser, buildTestApp, password } from '../../fixtures/app.ts'

/** The fields of the form on a page, as a browser would send them. */
const formOf = ({ page }: Answer) =>
  page.querySelectorAll('form input').map((input) => [input.getAttribute('name'), input.getAttribute('value') ?? ''])

const fill = (answer: Answer, more: Record<string, string>) =>
  ({ ...Object.fromEntries(formOf(answer)), ...more }) as Record<string, string>

const typed = { mobile: '138 0013 8000', extension: '8"<b>\'&', email: 'li@example.com' }

t.test('what was typed survives an expired session, a wrong password and the new sign-in', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  const form = await one.get('/profile')
  const version = form.page.querySelector('input[name=version]')?.getAttribute('value') as string
  await db('sessions').delete()
  const expired = await one.post('/profile', { ...typed, version })
  t.equal(expired.status, 401)
  t.match(expired.text, '您填写的内容还没有保存')
  t.equal((await db('users').where({ username: '李雷' }).first()).mobile, null, 'nothing is saved without a session')
  const wrong = await one.post('/login', fill(expired, { username: '李雷', password: 'Wrong wrong 1' }))
  t.equal(wrong.status, 422)
  const again = await one.post('/login', fill(wrong, { username: '李雷', password }))
  t.equal(again.status, 200)
  t.match(again.text, '您填写的内容已保留')
  const action = again.page.querySelector('form')?.getAttribute('action') as string
  t.equal(action, '/profile')
  t.equal((await one.post(action, fill(again, {}))).location, '/profile')
  t.match(await db('users').where({ username: '李雷' }).first(), {
    mobile: '13800138000',
    extension: typed.extension,
    email: typed.email,
  })
})

t.test('several values of one name, long text and line breaks come back as they were', async (t) => {
  const { anyone } = await buildTestApp(t)
  const notes = `第一行\r\n第二行 "引号" <script> 𠮷 ${'长'.repeat(80_000)}`
  const expired = await anyone.post('/users/7', { notes, tags: ['a', 'b'] })
  const again = await anyone.post('/login', fill(expired, { username: '李雷', password }))
  t.strictSame(formOf(again), [
    ['notes', notes],
    ['tags', 'a'],
    ['tags', 'b'],
  ])
})

t.test('passwords are never carried along', async (t) => {
  const { anyone } = await buildTestApp(t)
  const secret = { password_current: 'Secret one 1', password: 'Secret two 2', password_again: 'Secret two 2' }
  const alone = await anyone.post('/profile/password', secret)
  t.equal(alone.location, '/login')
  const expired = await anyone.post('/users', { name: '赵敏', ...secret })
  t.equal(expired.status, 401)
  t.notMatch(expired.body, /Secret/)
  const again = await anyone.post('/login', fill(expired, { username: '韩梅梅', password }))
  t.strictSame(formOf(again), [['name', '赵敏']])
  t.match(again.text, '密码没有保留')
})

t.test('other requests lead to the sign-in page', async (t) => {
  const { anyone } = await buildTestApp(t)
  const part = await anyone.post('/profile', typed, { 'hx-request': 'true', 'hx-request-type': 'full' })
  t.match(part, { status: 401, headers: { 'hx-retarget': '#flash' } }, 'a part of a page leaves the form where it is')
  t.match(part.text, '登录已过期')
  const json = await anyone.send({
    method: 'POST',
    url: '/users',
    payload: '{"name":"x"}',
    headers: { 'content-type': 'application/json' },
  })
  t.equal(json.status, 415, 'no body but that of a form is read')
  t.equal((await anyone.send({ method: 'POST', url: '/users/1/closure' })).location, '/login')
})

t.test('a kept form that was tampered with is left out', async (t) => {
  const { app, db } = await buildTestApp(t)
  const sets = [
    { kept_to: '//evil.example', kept: '{"fields":[["a","b"]]}' },
    { kept_to: '/profile', kept: '{"fields":[["a"]]}' },
    { kept_to: '/profile', kept: '{"fields":' },
    { kept_to: '/profile', kept: 'null' },
  ]
  for (const kept of sets) {
    const answer = await browser(app, {}).post('/login', { username: '李雷', password, ...kept })
    t.equal(answer.location, '/', JSON.stringify(kept))
  }
  t.equal((await db('sessions')).length, sets.length)
})

t.test('a form that waits while a password is set waits for its own person only', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [one, other] = [await as('李雷'), await as('韩梅梅')]
  await db('users').update({ is_password_due: true })
  t.equal((await one.post('/profile', { ...typed, version: '1' })).location, '/profile/password')
  t.equal((await db('sessions').whereNotNull('kept')).length, 1)
  t.notMatch((await other.get('/kept-form')).text, 'li@example.com')
})

t.test('where a form goes on to is an address inside the program, not longer than any there is', async (t) => {
  t.equal(localPath(`/${'a'.repeat(1999)}`)?.length, 2000)
  for (const wrong of [
    `/${'a'.repeat(2000)}`,
    '//evil.example',
    '/\\evil.example',
    'profile',
    ' /profile',
    '/pro file',
    7,
  ])
    t.equal(localPath(wrong), undefined, String(wrong).slice(0, 20))
})
