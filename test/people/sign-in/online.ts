import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { browser, buildTestApp, password } from '../../fixtures/app.ts'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  const signIn = async (username: string, agent = chrome) => {
    const one = browser(made.app, {})
    await one.post('/login', { username, password }, { 'user-agent': agent })
    return one
  }
  return { ...made, signIn, admin: await made.as('韩梅梅') }
}

t.test('在线用户: who, since when, last seen, from where, with what', async (t) => {
  const { db, admin, signIn } = await world(t)
  await signIn('李雷')
  await signIn('王芳', 'curl/8')
  const page = await admin.get('/sessions')
  t.equal(page.status, 200)
  for (const said of ['李雷', '127.0.0.1', 'Chrome 126，Windows', '未知的程序']) t.match(page.text, said)
  t.notMatch(page.body, (await db('sessions').first()).token_hash)
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  for (const [name, seen, begun] of [
    ['李雷', 5, 20],
    ['王芳', 9, 10],
  ] as const)
    await db('sessions')
      .whereIn('user_id', db('users').where({ username: name }).select('id'))
      .update({ seen_at: ago(seen), created_at: ago(begun) })
  const names = async (query = '') =>
    (await admin.get(`/sessions${query}`)).page
      .querySelectorAll('#list tbody tr td:first-child')
      .map((cell) => cell.text.trim())
  t.strictSame(await names(), ['韩梅梅', '李雷', '王芳'], 'who was seen last stands first')
  t.strictSame(await names('?sort=created_at'), ['李雷', '王芳', '韩梅梅'])
  t.strictSame(await names('?sort=seen_at'), ['王芳', '李雷', '韩梅梅'])
  const found = await admin.get('/sessions?q=wangfang')
  t.notMatch(found.page.querySelector('tbody')?.text, '李雷')
  t.match(found.page.querySelector('tbody')?.text, '王芳')
})

t.test('sessions that have come to their end are not shown, and are gone', async (t) => {
  const { db, admin, signIn } = await world(t)
  await signIn('李雷')
  const { id } = await db('users').where({ username: '李雷' }).first('id')
  await db('sessions')
    .where({ user_id: id })
    .update({ seen_at: new Date(Date.now() - 31 * 60_000).toISOString() })
  t.notMatch((await admin.get('/sessions')).page.querySelector('tbody')?.text, '李雷')
  t.equal((await db('sessions').where({ user_id: id })).length, 0)
})

t.test('one session is ended, or all of a person; the log has it', async (t) => {
  const { db, admin, signIn } = await world(t)
  const [one, two, three] = [await signIn('李雷'), await signIn('李雷'), await signIn('李雷')]
  const { id: user } = await db('users').where({ username: '李雷' }).first('id')
  const { id } = await db('sessions').where({ user_id: user }).orderBy('id').first('id')
  t.match((await admin.get(`/sessions/${id}/deletion`)).text, 'Chrome 126，Windows')
  t.equal((await one.get('/profile')).status, 200, 'asking does nothing')
  t.equal((await admin.post(`/sessions/${id}/deletion`)).location, '/sessions')
  t.match((await admin.get('/sessions')).text, '李雷 的会话已结束')
  t.strictSame([(await one.get('/profile')).status, (await two.get('/profile')).status], [303, 200])
  t.equal((await admin.post(`/sessions/${id}/deletion`)).status, 404, 'twice')
  t.match((await admin.get(`/users/${user}/sessions/deletion`)).text, '2 个会话')
  await admin.post(`/users/${user}/sessions/deletion`)
  t.strictSame([(await two.get('/profile')).status, (await three.get('/profile')).status], [303, 303])
  t.match(
    await db('events').where({ action: 'session-ended' }),
    Array(2).fill({ user_name: '韩梅梅', record_name: '李雷' }),
  )
})

t.test('the rights are asked', async (t) => {
  const { db, signIn } = await world(t)
  const one = await signIn('李雷')
  const { id } = await db('sessions').first('id')
  for (const url of ['/sessions', `/sessions/${id}/deletion`, '/sessions/senders'])
    t.equal((await one.get(url)).status, 403)
  t.equal((await one.post(`/sessions/${id}/deletion`)).status, 403)
  const role = await db('roles').where({ code: 'user' }).first('id')
  await db('role_permissions').insert({ role_id: role.id, permission: 'sessions.view' })
  await db('revisions').increment('number', 1)
  const page = await one.get('/sessions')
  t.equal(page.status, 200)
  t.notOk(page.page.querySelector('a[href$=deletion]'), 'who may look may not end')
})

const from = (remoteAddress: string, username: string, typed = 'Wrong wrong 1') => ({
  method: 'POST' as const,
  url: '/login',
  remoteAddress,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  payload: new URLSearchParams({ username, password: typed }).toString(),
})

t.test('an address that tries many accounts is locked, others are not; the administrator unlocks it', async (t) => {
  const { app, db, admin } = await world(t)
  await changeSettings(db, { senderFailuresBeforeLock: 6 })
  const one = browser(app, {})
  for (let n = 0; n < 6; n++) await one.send(from('10.0.0.9', n % 2 ? `nobody${n}` : '王芳'))
  const right = await one.send(from('10.0.0.9', '李雷', password))
  t.equal(right.status, 422, 'even the right password')
  t.match(right.text, '用户名或密码不正确，或账号已被暂时锁定')
  t.equal((await one.send(from('::ffff:10.0.0.9', '李雷', password))).status, 422, 'the same address in other words')
  t.equal((await browser(app, {}).send(from('10.0.0.10', '李雷', password))).status, 303, 'another address')
  t.equal((await db('events').where({ action: 'sender-locked', address: '10.0.0.9' })).length, 1)
  t.equal((await db('users').where({ username: '李雷' }).first()).failures, 0)
  t.match((await admin.get('/sessions/senders')).text, '10.0.0.9')
  const { id } = await db('sender_failures').where({ sender: '10.0.0.9' }).first('id')
  await admin.post(`/sessions/senders/${id}/unlocking`)
  t.match((await admin.get('/sessions/senders')).text, '地址 10.0.0.9 已解锁')
  t.equal((await one.send(from('10.0.0.9', '李雷', password))).status, 303)
  await admin.post(`/sessions/senders/${id}/unlocking`)
  t.match((await admin.get('/sessions/senders')).text, '此地址没有锁定')
})

t.test('failures of long ago are forgotten, a lock ends by itself, right passwords do not count', async (t) => {
  const { app, db } = await world(t)
  await changeSettings(db, { senderFailuresBeforeLock: 5 })
  const one = browser(app, {})
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  for (let n = 0; n < 4; n++) await one.send(from('10.0.0.9', `nobody${n}`))
  for (let n = 0; n < 8; n++) t.equal((await one.send(from('10.0.0.9', '李雷', password))).status, 303)
  await db('sender_failures').update({ failed_at: ago(16) })
  await one.send(from('10.0.0.9', 'nobody'))
  t.match(await db('sender_failures').where({ sender: '10.0.0.9' }).first(), { failures: 1, locked_until_at: null })
  for (let n = 0; n < 4; n++) await one.send(from('10.0.0.9', `nobody${n}`))
  const stranger = browser(app, {})
  t.equal((await stranger.send(from('10.0.0.9', '李雷', password))).status, 422)
  await db('sender_failures').update({ locked_until_at: ago(0) })
  t.equal((await stranger.send(from('10.0.0.9', '李雷', password))).status, 303)
})

t.test('more sign-ins at once than can wait are told to try again, and keep the form', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await changeSettings(db, { failuresBeforeLock: 20, senderFailuresBeforeLock: 1000 })
  const kept = { kept_to: '/profile', kept: '{"fields":[["mobile","13800138000"]],"hadPassword":false}' }
  const knock = (n: number) =>
    browser(app, {}).send({
      ...from(`10.0.${n}.1`, `nobody${n}`),
      payload: new URLSearchParams({ username: `nobody${n}`, password: 'Wrong 1 wrong', ...kept }).toString(),
    })
  const sent = Array.from({ length: 80 }, (_, n) => knock(n))
  t.equal((await admin.get('/users')).status, 200, 'others go on meanwhile')
  const answers = await Promise.all(sent)
  const held = answers.filter(({ status }) => status === 429)
  t.ok(held.length > 0 && held.length < 40, `${held.length} of 80`)
  t.equal(answers.filter(({ status }) => status === 422).length, 80 - held.length)
  t.match(held[0]?.text, '登录的人太多')
  t.match(held[0]?.page.querySelector('input[name=kept]')?.getAttribute('value'), '13800138000')
})
