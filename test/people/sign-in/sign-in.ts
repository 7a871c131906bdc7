import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { hashPassword, nobodysHash } from '../../../src/people/users/password.ts'
import { text } from '../../../src/texts/index.ts'
import { browser, buildTestApp, password } from '../../fixtures/app.ts'

const wrong = { username: '李雷', password: '错误的密码 Wrong1' }

t.test('signing in opens the place that was asked for, under a new session key', async (t) => {
  const { app, db } = await buildTestApp(t)
  const one = browser(app, {})
  const away = await one.get('/users?q=%E9%9F%A9&page=2')
  t.equal(away.status, 303)
  const page = await one.get(away.location as string)
  t.equal(page.status, 200)
  const to = page.page.querySelector('input[name=to]')?.getAttribute('value') as string
  t.equal(to, '/users?q=%E9%9F%A9&page=2')
  const first = await one.post('/login', { username: '韩梅梅', password, to })
  t.equal(first.location, to)
  const before = { ...one.cookies }
  await one.post('/login', { username: ' 李雷　', password })
  t.not(one.cookies.kehu_session, before.kehu_session)
  t.equal((await browser(app, before).get('/users')).location, '/login?to=%2Fusers', 'the old session has ended')
  t.strictSame((await db('sessions')).length, 1)
  const events = await db('events').orderBy('id').select('user_name', 'action', 'address')
  t.strictSame(events, [
    { user_name: '韩梅梅', action: 'sign-in', address: '127.0.0.1' },
    { user_name: '李雷', action: 'sign-in', address: '127.0.0.1' },
  ])
  t.equal((await one.get('/')).location, '/desk')
  t.equal((await one.get('/login')).location, '/')
})

t.test('only addresses inside the program are returned to', async (t) => {
  const { app } = await buildTestApp(t)
  const bad = ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', 'x', '/a b', '/客户']
  for (const to of bad) {
    const answer = await browser(app, {}).post('/login', { username: '李雷', password, to })
    t.equal(answer.location, '/', to)
    t.notOk(
      (await browser(app, {}).get(`/login?to=${encodeURIComponent(to)}`)).page.querySelector('input[name=to]'),
      to,
    )
  }
})

t.test('whatever was wrong, the answer is the same', async (t) => {
  const { app, db, anyone } = await buildTestApp(t)
  await db('users').where({ username: '王芳' }).update({ status: 'left' })
  const answers = [
    await anyone.post('/login', wrong),
    await anyone.post('/login', { username: '没有这个人', password }),
    await anyone.post('/login', { username: '王芳', password }),
    await anyone.post('/login', { username: "' or 1=1 --", password }),
    await anyone.post('/login', { username: '李雷\u0000', password: `\u0000${password}` }),
  ]
  for (const { status, page } of answers) {
    t.equal(status, 422)
    t.equal(page.querySelector('[role=alert]')?.text, '用户名或密码不正确，或账号已被暂时锁定。')
    t.notOk(page.querySelector('input[type=password]')?.getAttribute('value'))
  }
  t.notOk(anyone.cookies.kehu_session)
  t.match(await db('events').pluck('action'), Array(5).fill('sign-in-failed'))
  const stored = JSON.stringify(await db('events'))
  t.notOk(stored.includes(password) || stored.includes(wrong.password), 'no password in the log')
  t.equal((await anyone.post('/login', { username: '', password: '' })).status, 422)
  t.equal((await anyone.post('/login')).status, 422)
  const script = await anyone.post('/login', { username: '"><script>alert(1)</script>', password: 'x' })
  t.notOk(script.page.querySelector('script:not([src])'))
  t.equal(nobodysHash.replace(/\$[^$]+\$[^$]+$/, ''), (await hashPassword('x')).replace(/\$[^$]+\$[^$]+$/, ''))
  await app.ready()
})

t.test('five failures lock the account for a while, also when they come at once', async (t) => {
  const { app, db } = await buildTestApp(t)
  const one = browser(app, {}, '10.0.0.7')
  for (let n = 0; n < 4; n++) await one.post('/login', wrong)
  t.equal((await one.post('/login', { username: '李雷', password })).status, 303, 'four do not')
  t.equal((await db('users').where({ username: '李雷' }).first()).failures, 0, 'success forgets them')
  const another = browser(app, {}, '10.0.0.7')
  const together = [...Array(5).fill(wrong), { username: '李雷', password }].map((form) => another.post('/login', form))
  const statuses = (await Promise.all(together)).map(({ status }) => status)
  t.strictSame(statuses, Array(6).fill(422), 'the sixth of many at once is no longer looked at')
  t.equal((await another.post('/login', { username: '李雷', password })).status, 422, 'even the right one')
  t.equal((await db('events').where({ action: 'sign-in-locked' })).length, 1)
  t.equal((await one.get('/profile')).status, 200, 'who is inside stays inside')
  await db('users')
    .where({ username: '李雷' })
    .update({ locked_until_at: new Date(Date.now() - 1).toISOString() })
  t.equal((await another.post('/login', { username: '李雷', password })).status, 303, 'after the time it opens')
})

t.test('too many attempts from one address are held back', async (t) => {
  const { anyone } = await buildTestApp(t)
  for (let n = 0; n < 300; n++) await anyone.post('/login')
  const answer = await anyone.post('/login')
  t.equal(answer.status, 429)
  t.match(answer.text, '操作太频繁')
})

t.test('退出 and 切换账号 end the session', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const one = await as('李雷')
  const kept = { ...one.cookies }
  const answer = await one.post('/logout')
  t.equal(answer.location, '/login?goodbye=1')
  t.match((await one.get(answer.location as string)).text, '您已退出')
  t.equal((await browser(app, kept).get('/profile')).status, 303)
  const another = await as('李雷')
  const switched = await another.post('/logout', { switch: '1' })
  t.equal(switched.location, '/login')
  const page = await another.get('/login')
  t.notOk(page.page.querySelector('#username')?.getAttribute('value'))
  t.equal((await db('sessions')).length, 0)
  t.equal((await db('events').where({ action: 'sign-out', user_name: '李雷' })).length, 2)
  t.equal((await another.post('/logout')).status, 303, 'twice does no harm')
})

t.test('a password that ends within a week is told at the sign-in, not before', async (t) => {
  const { app, db } = await buildTestApp(t)
  await changeSettings(db, { passwordDays: 90 })
  const said = async (days: number) => {
    await db('users').update({ created_at: new Date(Date.now() - days * 86_400_000 - 60_000).toISOString() })
    const one = browser(app, {})
    await one.post('/login', { username: '李雷', password })
    return (await one.get('/profile')).page.querySelectorAll('#flash .flash-warning').map(({ text }) => text)
  }
  t.strictSame(await said(82), [])
  t.strictSame(await said(83), [text.users.passwordExpiresIn(7)])
  t.strictSame(await said(89), [text.users.passwordExpiresIn(1)])
})
