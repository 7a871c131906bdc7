import t from 'tap'
import { browser, buildTestApp, password } from '../../fixtures/app.ts'

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0'
const path = '/login/device'

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  const admin = await made.as('韩梅梅')
  const idOf = async (username: string) => (await made.db('users').where({ username }).first('id')).id as number
  const bind = async (username: string) => {
    const address = `/users/${await idOf(username)}/access`
    return admin.post(address, { is_device_bound: 'true', version: 1 })
  }
  const knock = async (username: string, cookies: Record<string, string> = {}) => {
    const one = browser(made.app, cookies)
    const answer = await one.post('/login', { username, password }, { 'user-agent': firefox })
    return Object.assign(one, { answer })
  }
  return { ...made, admin, idOf, bind, knock }
}

t.test('an unknown browser waits until an administrator approves it', async (t) => {
  const { db, as, admin, bind, knock } = await world(t)
  const inside = await as('李雷')
  t.equal((await bind('李雷')).status, 303)
  t.equal((await inside.get('/profile')).status, 303, 'sessions in unknown browsers end')
  const one = await knock('李雷')
  t.equal(one.answer.location, path)
  t.match(
    String(one.answer.headers['set-cookie']),
    /kehu_device=[\w-]{43}\.[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly/,
  )
  t.equal((await one.get('/profile')).status, 303, 'nothing opens while it waits')
  const waiting = await one.get(path)
  t.equal(waiting.page.querySelector('meta[http-equiv=refresh]')?.getAttribute('content'), '10')
  t.match(waiting.text, '韩梅梅', 'who can help')
  t.equal((await one.post(path)).status, 422, 'nobody approves oneself')
  const code = waiting.page.querySelector('.waiting strong')?.text as string
  t.match(code, /^\d{4}$/)
  const list = await admin.get('/devices?status=waiting')
  t.match(list.text, 'Firefox 128，Windows')
  t.match(list.text, code)
  const { id, token_mark } = await db('devices').first()
  t.notOk(token_mark.includes(one.cookies.kehu_device?.split('.')[0] as string), 'the cookie is not in the database')
  const acts = async () =>
    (await admin.get(`/devices/${id}`)).page
      .querySelectorAll('.actions a')
      .map((link) => link.getAttribute('href')?.split('/').at(-1))
  t.strictSame(await acts(), ['approval', 'refusal', 'deletion'])
  const question = await admin.get(`/devices/${id}/approval`)
  t.match(question.text, code)
  t.notOk(question.page.querySelector('.submit .danger'), 'to let somebody in is no danger')
  t.equal((await admin.post(`/devices/${id}/approval`)).location, '/devices')
  t.strictSame(await acts(), ['refusal', 'deletion'])
  t.match(
    (await admin.get(`/devices/${id}`)).text,
    /李雷 Firefox 128，Windows 已批准.*韩梅梅，20\d\d-/,
    'who said so, and when',
  )
  t.notMatch((await admin.get('/devices?status=waiting')).text, 'Firefox 128，Windows')
  t.match((await admin.get('/devices?q=lilei')).text, 'Firefox 128，Windows')
  t.notMatch((await admin.get('/devices?q=wangfang')).text, 'Firefox 128，Windows')
  const approved = await one.get(path)
  t.notOk(approved.page.querySelector('meta[http-equiv=refresh]'))
  t.equal((await one.post(path)).location, '/')
  t.equal((await one.get('/profile')).status, 200)
  const again = await knock('李雷', { kehu_device: one.cookies.kehu_device as string })
  t.equal(again.answer.location, '/', 'the next time it is known')
  t.equal((await db('devices')).length, 1)
  await admin.post(`/devices/${id}/approval`)
  t.match((await admin.get('/devices')).text, '已经批准过')
  t.strictSame(await db('events').where('action', 'like', 'device-%').orderBy('id').pluck('action'), [
    'device-waiting',
    'device-approved',
  ])
})

t.test('refused and removed: sessions there end, it does not open', async (t) => {
  const { db, admin, bind, knock } = await world(t)
  await bind('李雷')
  const one = await knock('李雷')
  const { id } = await db('devices').first('id')
  await admin.post(`/devices/${id}/refusal`)
  t.match((await one.get(path)).text, '没有批准')
  const links = (await admin.get(`/devices/${id}`)).page.querySelectorAll('.actions a')
  t.strictSame(
    links.map((link) => link.getAttribute('href')),
    [`/devices/${id}/approval`, `/devices/${id}/deletion`],
  )
  t.equal((await one.post(path)).status, 422)
  await admin.post(`/devices/${id}/approval`)
  t.equal((await one.post(path)).location, '/')
  await admin.post(`/devices/${id}/refusal`)
  t.equal((await one.get('/profile')).status, 303)
  await admin.post(`/devices/${id}/approval`)
  const again = await knock('李雷', { ...one.cookies })
  t.equal(again.answer.location, '/')
  await admin.post(`/devices/${id}/deletion`)
  t.equal((await again.get('/profile')).status, 303)
  t.equal((await db('devices')).length, 0)
  t.equal((await knock('李雷', { ...again.cookies })).answer.location, path, 'unknown again')
  t.equal((await admin.post(`/devices/${id}/deletion`)).status, 404)
})

t.test("the cookie of another user's browser, or one made up, is of no use", async (t) => {
  const { db, admin, bind, knock } = await world(t)
  await bind('李雷')
  await bind('王芳')
  const wang = await knock('王芳')
  const { id } = await db('devices').first('id')
  await admin.post(`/devices/${id}/approval`)
  t.equal((await wang.post(path)).location, '/')
  const stolen = wang.cookies.kehu_device as string
  t.equal((await knock('李雷', { kehu_device: stolen })).answer.location, path)
  t.equal((await db('devices').where({ status: 'approved' })).length, 1)
  await db('devices').where({ id }).update({ created_at: '2026-01-04T00:00:00.000Z' })
  const names = async (query = '') =>
    (await admin.get(`/devices${query}`)).page
      .querySelectorAll('#list tbody tr td:first-child')
      .map((cell) => cell.text.trim())
  t.strictSame(await names(), ['李雷', '王芳'], 'the newest first')
  t.strictSame(await names('?sort=created_at'), ['王芳', '李雷'])
  const [token = ''] = stolen.split('.')
  for (const made of [token, `${token}.`, `${token}.${'A'.repeat(43)}`, `x${stolen}`, '.', 'a.b.c'])
    t.equal((await knock('王芳', { kehu_device: made })).answer.location, path, made.slice(-8))
})

t.test('who binds oneself is known in the browser at hand', async (t) => {
  const { db, admin, bind, knock, as } = await world(t)
  const elsewhere = await as('韩梅梅')
  t.equal((await bind('韩梅梅')).status, 303)
  t.equal((await admin.get('/users')).status, 200)
  t.equal((await elsewhere.get('/users')).status, 303)
  t.match(await db('devices').first(), { status: 'approved' })
  const { user_id } = await db('devices').first('user_id')
  await admin.post(`/users/${user_id}/access`, { is_device_bound: 'true', version: 2 })
  t.match(await db('user_access').where({ user_id }).first(), { version: 2 }, 'nothing changed, nothing saved')
  t.equal((await knock('韩梅梅', { kehu_device: admin.cookies.kehu_device as string })).answer.location, '/')
  t.equal((await knock('韩梅梅')).answer.location, path)
})

t.test('who may not, does not see or decide about devices', async (t) => {
  const { db, bind, knock, as } = await world(t)
  await bind('王芳')
  await knock('王芳')
  const { id } = await db('devices').first('id')
  const li = await as('李雷')
  for (const url of ['/devices', `/devices/${id}`, `/devices/${id}/approval`])
    t.equal((await li.get(url)).status, 403, url)
  t.equal((await li.post(`/devices/${id}/approval`)).status, 403)
  t.equal((await db('devices').first()).status, 'waiting')
})
