import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { text } from '../../../src/texts/index.ts'
import { browser, buildTestApp, password } from '../../fixtures/app.ts'
import { makeCustomer } from '../../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../roles/fixtures/people.ts'

const fresh = '一个新密码 New1'

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const made = await buildTestApp(t)
  const idOf = async (username: string) => (await made.db('users').where({ username }).first('id')).id as number
  const signIn = async (username: string, password: string) =>
    (await browser(made.app, {}, '10.0.0.7').post('/login', { username, password })).status === 303
  return { ...made, idOf, signIn, admin: await made.as('韩梅梅') }
}

t.test('closing an account asks first, ends the sessions, and can be taken back', async (t) => {
  const { db, admin, as, idOf, signIn } = await world(t)
  const leaver = await as('李雷')
  const id = await idOf('李雷')
  const ask = await admin.get(`/users/${id}/closure`)
  t.match(ask.text, '会话立即结束')
  t.equal(ask.page.querySelector('main form:not(.undo)[method=post]')?.getAttribute('action'), `/users/${id}/closure`)
  t.equal((await leaver.get('/profile')).status, 200, 'asking does nothing')
  t.equal((await admin.post(`/users/${id}/closure`)).location, `/users/${id}`)
  t.equal((await db('sessions').where({ user_id: id })).length, 0)
  t.equal((await leaver.get('/profile')).status, 303)
  t.equal(await signIn('李雷', password), false)
  const card = await admin.get(`/users/${id}`)
  t.match(card.text, '李雷 的账号已关闭')
  t.match(card.text, '在职 → 离职')
  await admin.post(`/users/${id}/closure`)
  t.match((await admin.get('/users')).text, '此账号已经关闭')
  await admin.post(`/users/${id}/reopening`)
  t.equal(await signIn('李雷', password), true)
})

t.test('nobody closes the own account, and an administrator remains', async (t) => {
  const { db, admin, idOf, as } = await world(t)
  const [me, other] = [await idOf('韩梅梅'), await idOf('mr')]
  await admin.post(`/users/${me}/closure`)
  t.match((await admin.get('/users')).text, '不能关闭自己的账号')
  await admin.post(`/users/${other}/closure`)
  t.equal((await db('users').where({ id: other }).first()).status, 'left')
  const role = await db('roles').where({ code: 'user' }).first('id')
  const { version } = await db('users').where({ id: me }).first()
  const form = { username: '韩梅梅', name: '韩梅梅', status: 'active', role_id: role.id, version }
  const answer = await admin.post(`/users/${me}`, form)
  t.equal(answer.status, 422)
  t.match(answer.page.querySelector('#user-role_id-error')?.text, '没有在职的人有「用户管理 修改」')
  const left = await admin.post(`/users/${me}`, { ...form, status: 'left' })
  t.match(left.page.querySelector('#user-status-error')?.text, '离职')
  await admin.post(`/users/${other}/reopening`)
  const boss = await as('韩梅梅')
  await boss.post(`/users/${me}`, form)
  t.equal((await boss.get('/users')).status, 403, 'with another one the role can be given up')
})

t.test('the administrator resets a password: new one due, sessions ended, lock gone', async (t) => {
  const { db, app, admin, as, idOf, signIn } = await world(t)
  const id = await idOf('李雷')
  const one = await as('李雷')
  await db('users').where({ id }).update({ locked_until_at: '2999-01-01T00:00:00.000Z' })
  t.match((await admin.get(`/users/${id}`)).text, '锁定至')
  const address = `/users/${id}/password-reset`
  t.equal((await admin.post(address, { password: 'short', password_again: 'short' })).status, 422)
  const twoKinds = await admin.post(address, { password: 'onlylower12', password_again: 'onlylower12' })
  t.match(twoKinds.page.querySelector('#reset-password-error')?.text, '至少 3 种')
  t.notMatch(twoKinds.body, 'onlylower12')
  t.equal((await admin.post(address, { password: fresh, password_again: fresh })).location, `/users/${id}`)
  t.equal((await one.get('/profile')).status, 303)
  t.equal(await signIn('李雷', password), false)
  const again = browser(app, {})
  await again.post('/login', { username: '李雷', password: fresh })
  t.equal((await again.get('/profile')).location, '/profile/password')
  const card = await admin.get(`/users/${id}`)
  t.match(card.text, '重置密码')
  t.notMatch(JSON.stringify(await db('events')), fresh)
  t.equal((await admin.get(`/users/${await idOf('韩梅梅')}/password-reset`)).location, '/profile/password')
})

t.test('the administrator unlocks an account', async (t) => {
  const { admin, idOf, signIn } = await world(t)
  const id = await idOf('李雷')
  for (let n = 0; n < 5; n++) await signIn('李雷', 'Wrong wrong 1')
  t.equal(await signIn('李雷', password), false)
  t.match((await admin.get(`/users/${id}`)).text, '多次失败，账号锁定')
  t.equal((await admin.get(`/users/${id}/unlocking`)).status, 200)
  await admin.post(`/users/${id}/unlocking`)
  t.equal(await signIn('李雷', password), true)
  await admin.post(`/users/${id}/unlocking`)
  t.match((await admin.get('/users')).text, '此账号没有锁定')
})

t.test('密码修改: the present password is asked for, the other sessions end', async (t) => {
  const { db, as, signIn } = await world(t)
  const [one, other] = [await as('李雷'), await as('李雷')]
  const good = { password_current: password, password: fresh, password_again: fresh }
  const bad: [Record<string, string>, string, string][] = [
    [{ password_current: 'Wrong wrong 1' }, 'password_current', '当前密码不正确'],
    [{ password_current: '' }, 'password_current', '请填写当前密码'],
    [{ password: '' }, 'password', '请填写新密码'],
    [{ password_again: '' }, 'password_again', '不一致'],
    [{ password, password_again: password }, 'password', '不能与当前密码相同'],
    [{ password: 'Ab1李雷李雷李雷', password_again: 'Ab1李雷李雷李雷' }, 'password', '不能含用户名'],
  ]
  for (const [change, field, sentence] of bad) {
    const answer = await one.post('/profile/password', { ...good, ...change })
    t.equal(answer.status, 422, sentence)
    t.match(answer.page.querySelector(`#password-${field}-error`)?.text, sentence)
    for (const secret of Object.values({ ...good, ...change }).filter(Boolean)) t.notOk(answer.body.includes(secret))
  }
  t.equal((await one.post('/profile/password', good)).location, '/profile')
  t.match((await one.get('/profile')).text, '密码已修改')
  t.equal((await other.get('/profile')).status, 303)
  t.equal(await signIn('李雷', fresh), true)
  t.equal((await db('events').where({ action: 'password', record_name: '李雷' })).length, 1)
  t.notMatch(JSON.stringify(await db('events')), fresh)
})

t.test('guessing the present password makes that browser wait, and nobody else', async (t) => {
  const { db, as, signIn } = await world(t)
  const one = await as('李雷')
  for (let n = 0; n < 5; n++)
    await one.post('/profile/password', { password_current: 'Wrong 1 wrong', password: fresh, password_again: fresh })
  const right = { password_current: password, password: fresh, password_again: fresh }
  t.equal((await one.post('/profile/password', right)).status, 422)
  t.equal((await one.post('/login', { username: '李雷', password })).status, 422, 'not at the door either')
  t.equal((await db('users').where({ username: '李雷' }).first()).locked_until_at, null)
  t.equal(await signIn('李雷', password), true)
})

t.test('/profile changes the own telephone and mail, and nothing else', async (t) => {
  const { db, as } = await world(t)
  const one = await as('李雷')
  const role_id = (await db('roles').where({ code: 'administrator' }).first()).id
  const answer = await one.post('/profile', {
    version: 1,
    mobile: '13800138000',
    name: '赵四',
    status: 'left',
    role_id,
  })
  t.equal(answer.location, '/profile')
  t.match(await db('users').where({ username: '李雷' }).first(), { name: '李雷', status: 'active', version: 2 })
  t.match((await one.get('/profile')).page.querySelector('#profile-mobile')?.getAttribute('value'), '138')
  t.equal((await one.get('/users')).status, 403)
  t.equal((await one.post('/profile', { version: 1, mobile: '13900139000' })).status, 409, 'an old form')
  t.equal((await one.post('/profile', { version: 2, email: 'x' })).status, 422)
})

t.test('the own name is changed by right, and stands everywhere at once', async (t) => {
  const { db, as, admin } = await world(t)
  const one = await as('李雷')
  t.notOk((await one.get('/profile')).page.querySelector('[name=name]'))
  const role_id = (await db('roles').where({ code: 'user' }).first('id')).id
  await db('role_permissions').insert({ role_id, permission: 'own_name.update' })
  await bumpRevision(db)
  t.equal((await one.get('/profile')).page.querySelector('[name=name]')?.getAttribute('value'), '李雷')
  t.equal((await one.post('/profile', { version: 1, name: '' })).status, 422)
  t.equal((await one.post('/profile', { version: 1, name: '李雷雷' })).location, '/profile')
  t.match(await db('users').where({ username: '李雷' }).first(), { name: '李雷雷', name_pinyin: 'lileilei' })
  t.ok((await admin.get('/customers/new')).page.querySelectorAll('option').some(({ text }) => text.trim() === '李雷雷'))
  const [event] = await db('events').where({ record_type: 'users', action: 'update' })
  t.match(event.changes, '李雷雷')
})

t.test('who leaves with customers had better hand them over; who left comes back by the page for it', async (t) => {
  const { db, admin, idOf } = await world(t)
  const id = await idOf('李雷')
  t.notMatch(
    (await admin.get(`/users/${id}/closure`)).text,
    text.handovers.closureAdvice('1', text.handovers.customerUnit),
  )
  await makeCustomer(db, { owner_id: id })
  t.match(
    (await admin.get(`/users/${id}/closure`)).text,
    text.handovers.closureAdvice('1', text.handovers.customerUnit),
  )
  await admin.post(`/users/${id}/closure`)
  const { version } = await db('users').where({ id }).first()
  const role = await db('roles').where({ code: 'user' }).first('id')
  const form = { username: '李雷', name: '李雷', status: 'active', role_id: role.id, version }
  const answer = await admin.post(`/users/${id}`, form)
  t.equal(answer.status, 422)
  t.match(answer.page.querySelector('#user-status-error')?.text, text.users.returnByReopening)
  t.equal((await db('users').where({ id }).first()).status, 'left')
})

t.test('the own account: a password is changed where the present one is asked for', async (t) => {
  const { admin, idOf } = await world(t)
  const address = `/users/${await idOf('韩梅梅')}/password-reset`
  t.equal((await admin.get(address)).location, '/profile/password')
  t.equal((await admin.post(address, { password: fresh, password_again: fresh })).location, '/profile/password')
})

t.test('roles are given on a page of their own, also by one who does not see the accounts', async (t) => {
  const { app, db, admin, idOf } = await world(t)
  const id = await idOf('李雷')
  const address = `/users/${id}/roles`
  const [user, sales] = await Promise.all(
    ['user', 'sales'].map(async (code) => (await db('roles').where({ code }).first('id')).id as number),
  )
  const held = () => db('user_roles').where({ user_id: id }).orderBy('role_id').pluck('role_id')
  const wrong = await admin.post(address, { role_id: '999999', version: 1 })
  t.equal(wrong.status, 422)
  t.ok(wrong.page.querySelector('#user-role_id-error'))
  t.strictSame(await held(), [user])
  const same = await admin.post(address, { role_id: user as number, version: 1 })
  t.match((await admin.get(same.location as string)).text, text.users.unchanged)
  const giving = await everyRightWithin(db, '只给角色', { view: 'all', without: ['users.view', 'users.update'] })
  await addPerson(db, '赵安', [giving])
  const one = await signedIn(app, '赵安')
  const given = await one.post(address, { role_id: sales as number, version: 1 })
  t.equal(given.location, address, 'and stays where one may be')
  t.equal((await one.get(address)).status, 200)
  t.strictSame(await held(), [sales])
})
