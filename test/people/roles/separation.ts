import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { type Answer, type Browser, browser, buildTestApp, password } from '../../fixtures/app.ts'
import { collectRoutes } from '../../fixtures/routes.ts'
import { addressOf, makeCustomer } from '../../fixtures/world.ts'
import { addPerson, signedIn } from './fixtures/people.ts'

const routes = collectRoutes()
const fresh = '一个新密码 New1'
const first = '初始密码 First1'
const three = { 系统: 'system_administrator', 安全: 'security_administrator', 审计: 'auditor' } as const
type Three = keyof typeof three
const kept = { name: '密件公司', phone: '0431-88776655', address: '长春市密件路 9 号', notes: '不可外传' }

const roleId = async (db: Knex, code: string) => (await db('roles').where({ code }).first('id')).id as number
const idOf = async (db: Knex, username: string) => (await db('users').where({ username }).first('id')).id as number
const versionOf = async (db: Knex, id: number) => (await db('users').where({ id }).first('version')).version as number
const rolesOf = (db: Knex, user_id: number) => db('user_roles').where({ user_id }).pluck('role_id')

/** The three, made by the administrator, who then leaves; 李雷 sells, 密件公司 is his. */
async function world(t: Test) {
  const { app, db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const people = {} as Record<Three, Browser>
  for (const [name, code] of Object.entries(three)) {
    await addPerson(db, name, [code])
    people[name as Three] = await signedIn(app, name)
  }
  const 李雷 = await idOf(db, '李雷')
  await admin.post(`/users/${李雷}/roles`, { version: 1, role_id: await roleId(db, 'sales') })
  await makeCustomer(db, { ...kept, owner_id: 李雷 })
  await admin.post(`/users/${await idOf(db, 'mr')}/closure`)
  t.equal((await people.系统.post(`/users/${await idOf(db, '韩梅梅')}/closure`)).status, 403, 'not by one below')
  const own = { version: await versionOf(db, await idOf(db, '韩梅梅')), role_id: await roleId(db, 'user') }
  await admin.post(`/users/${await idOf(db, '韩梅梅')}/roles`, own)
  t.equal((await people.系统.post(`/users/${await idOf(db, '韩梅梅')}/closure`)).status, 303)
  const held = await db('user_roles').join('users', 'users.id', 'user_id').whereNot({ status: 'left' }).pluck('role_id')
  t.notOk(held.includes(await roleId(db, 'administrator')), 'nobody in office is 超级管理员')
  return { app, db, 李雷, ...people }
}

const signIn = async (one: Browser, username: string, password: string) =>
  (await one.post('/login', { username, password })).location

t.test('the three bring somebody into work, each with a part of it', async (t) => {
  const { app, db, 系统, 安全, 审计 } = await world(t)
  t.match((await 系统.get('/users/new')).text, '新账号没有角色')
  t.notOk((await 系统.get('/users/new')).page.querySelector('[name=role_id]'))
  const form = { username: 'xin', name: '新人', password: first, password_again: first }
  await 系统.post('/users', { ...form, role_id: await roleId(db, 'administrator') })
  const id = await idOf(db, 'xin')
  t.strictSame(await rolesOf(db, id), [], 'the one who makes an account gives no rights')
  t.match((await 安全.get('/users?role_id=none')).text, '新人')
  t.ok((await 安全.get(`/users/${id}`)).page.querySelector(`a[href="/users/${id}/roles"]`))
  t.equal((await 安全.post('/users', { ...form, username: 'xin2' })).status, 403)
  const role_id = await roleId(db, 'sales')
  t.equal((await 系统.post(`/users/${id}/roles`, { version: 1, role_id })).status, 403)
  t.equal((await 审计.post(`/users/${id}/roles`, { version: 1, role_id })).status, 403)
  t.equal((await 安全.post(`/users/${id}/roles`, { version: 1, role_id })).location, `/users/${id}`)
  t.strictSame(await rolesOf(db, id), [role_id])

  const maker = browser(app, {})
  t.equal(
    await signIn(maker, 'xin', first),
    '/login/device',
    'who made it knows the password, and still stands outside',
  )
  t.equal((await maker.get('/customers')).status, 303)
  const person = browser(app, {})
  t.equal(await signIn(person, 'xin', first), '/login/device')
  const [his] = await db('devices').where({ user_id: id }).orderBy('id', 'desc')
  t.equal((await 系统.post(`/devices/${his.id}/approval`)).status, 403)
  await 安全.post(`/devices/${his.id}/approval`)
  t.equal((await maker.post('/login/device')).status, 422, 'only the browser whose code was compared')
  t.equal((await person.post('/login/device')).status, 303)
  const own = { password_current: first, password: fresh, password_again: fresh }
  t.equal((await person.post('/profile/password', own)).status, 303)
  t.equal((await person.get('/customers')).status, 200)
  t.equal(await signIn(browser(app, {}), 'xin', fresh), '/', 'an own password needs nobody')
  const log = await 审计.get('/audit-log?record_type=users')
  for (const done of ['系统', '安全', '新增', '新人']) t.match(log.text, done)
})

t.test('a password that was reset by one who gives no rights opens nothing alone', async (t) => {
  const { app, db, 李雷, 系统, 安全 } = await world(t)
  await 系统.post(`/users/${李雷}/password-reset`, { password: first, password_again: first })
  t.equal(await signIn(browser(app, {}), '李雷', first), '/login/device')
  const [device] = await db('devices').where({ user_id: 李雷 })
  t.match((await 安全.get('/devices')).text, '李雷')
  await 安全.post(`/devices/${device.id}/approval`)
  t.equal(await signIn(browser(app, {}), '李雷', first), '/login/device', 'another browser waits again')
})

/** All that this person's rights open; what they do not is refused, as test/guards/routes.ts holds. */
async function readAll(db: Knex, one: Browser, me: number): Promise<[string, Answer][]> {
  const answers: [string, Answer][] = []
  const held: string[] = await db('user_roles')
    .join('role_permissions', 'role_permissions.role_id', 'user_roles.role_id')
    .where({ user_id: me })
    .pluck('permission')
  const open = new Set([...held, 'signed-in'])
  const isAsked = ({ method, url, permission }: (typeof routes)[number]) =>
    method === 'GET' && url !== '/public/:file' && open.has(permission)
  // Those of hand-overs are made by the first account, which is closed here.
  const urls = routes.filter((route) => isAsked(route) && !route.url.includes(':handoverId')).map(({ url }) => url)
  for (const url of new Set(urls)) {
    const address = await addressOf(db, url, me)
    answers.push([address, await one.get(address)])
  }
  return answers
}

t.test('none of them reaches customers, in pages, files or the log', async (t) => {
  const { db, ...people } = await world(t)
  const id = (await db('customers').where({ name: kept.name }).first('id')).id
  for (const name of Object.keys(three) as Three[]) {
    const one = people[name]
    for (const path of [
      '/customers',
      `/customers/${id}`,
      '/contacts',
      '/recycle-bin',
      '/duplicates',
      '/analysis/customer-levels',
    ])
      t.equal((await one.get(path)).status, 403, `${name} ${path}`)
    const found = await readAll(db, one, await idOf(db, name))
    t.ok(found.filter(([, { status }]) => status === 200).length > 10, `${name} uses the program`)
    for (const [address, { body }] of found)
      for (const secret of [kept.phone, kept.address, kept.notes]) t.notOk(body.includes(secret), `${name} ${address}`)
  }
})

t.test('the log tells the auditor that values changed, not which', async (t) => {
  const { app, db, 审计 } = await world(t)
  const his = browser(app, {})
  await signIn(his, '李雷', password)
  const customer = await db('customers').where({ name: kept.name }).first()
  const { name, kind, registered_on, owner_id, version } = customer
  const saved = await his.post(`/customers/${customer.id}`, {
    ...{ name, kind, registered_on, owner_id, version },
    address: '吉林市隐蔽街 1 号',
  })
  t.equal(saved.status, 303)
  const entry = await db('events').where({ record_type: 'customers', action: 'update' }).first('id')
  for (const path of [`/audit-log/${entry.id}`, '/audit-log', '/audit-log/print']) {
    const page = await 审计.get(path)
    t.match(page.text, '地址', path)
    t.match(page.text, '（不显示）', path)
    for (const secret of ['隐蔽街', '密件路']) t.notMatch(page.body, secret, path)
  }
})

t.test('nobody gives rights to oneself, and none hides an act', async (t) => {
  const { db, 李雷, 系统, 安全, 审计 } = await world(t)
  const [me, mine, sales] = [
    await idOf(db, '安全'),
    await roleId(db, 'security_administrator'),
    await roleId(db, 'sales'),
  ]
  const more = await 安全.post(`/users/${me}/roles`, {
    version: await versionOf(db, me),
    role_id: [`${mine}`, `${sales}`],
  })
  t.equal(more.status, 422)
  t.match(more.page.querySelector('#user-role_id-error')?.text, '不能给自己增加角色')
  const role = await 安全.get(`/roles/${mine}/edit`)
  const form = Object.fromEntries(
    role.page.querySelectorAll('main form:not(.undo) select').map((one) => [one.getAttribute('name') ?? '', 'all']),
  )
  const wider = await 安全.post(`/roles/${mine}`, {
    ...form,
    name: '安全管理员',
    version: 1,
    module_customers: ['view'],
  })
  t.equal(wider.status, 422)
  t.match(wider.text, '您自己担任此角色')
  t.equal((await db('role_permissions').where({ role_id: mine, permission: 'customers.view' })).length, 0)

  const 审计员 = await idOf(db, '审计')
  t.equal((await 系统.post(`/users/${审计员}/password-reset`, { password: first, password_again: first })).status, 403)
  const moved = {
    username: '审计',
    name: '审计',
    status: 'active',
    version: await versionOf(db, 审计员),
    superior_id: 李雷,
  }
  t.equal((await 系统.get(`/users/${审计员}/edit`)).status, 403)
  t.equal((await 系统.post(`/users/${审计员}`, moved)).status, 403, 'nor is the place of one above decided from below')
  for (const path of ['/audit-log', '/audit-log/cleanup', '/audit-log/verification']) {
    t.equal((await 系统.get(path)).status, 403, path)
    t.equal((await 安全.get(path)).status, 403, path)
  }
  for (const path of ['/maintenance/backups/none.zip', '/maintenance/archive/none.zip'])
    t.equal((await 系统.get(path)).status, 403, 'no file of all data')
  t.match((await 审计.get(`/audit-log?user_id=${await idOf(db, '安全')}`)).text, '安全')
  t.equal((await 审计.post('/users', {})).status, 403)

  const settings = await 系统.get('/settings')
  t.notOk(settings.page.querySelector('[name=newUserRole]'), 'nor a role for all new accounts')
})

t.test('the last who keeps a part of the rights keeps it', async (t) => {
  const { db, 系统, 安全 } = await world(t)
  const [me, system] = [await idOf(db, '安全'), await idOf(db, '系统')]
  const down = await 安全.post(`/users/${me}/roles`, { version: await versionOf(db, me), role_id: '' })
  t.equal(down.status, 422)
  t.match(down.text, '在职的人有「角色和权限')
  const gone = await 安全.post(`/users/${system}/roles`, { version: await versionOf(db, system), role_id: '' })
  t.match(gone.text, '在职的人有「用户管理 修改」')
  const second = await idOf(db, '李雷')
  const role_id = [`${await roleId(db, 'sales')}`, `${await roleId(db, 'security_administrator')}`]
  t.equal((await 安全.post(`/users/${second}/roles`, { version: await versionOf(db, second), role_id })).status, 303)
  t.equal((await 安全.post(`/users/${me}/roles`, { version: await versionOf(db, me), role_id: '' })).status, 303)
  t.strictSame(await rolesOf(db, me), [], 'with another one the role can be laid down')
  t.equal((await 系统.post(`/users/${me}/closure`)).status, 303, 'and the account closed')
})

t.test('the role of new accounts is chosen by one who may give roles, and said', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const service = await roleId(db, 'service')
  const page = await admin.get('/settings')
  t.ok(page.page.querySelector('select[name=newUserRole]'))
  await changeSettings(db, { newUserRole: service })
  await db('user_roles').insert({ user_id: await idOf(db, '王芳'), role_id: await roleId(db, 'system_administrator') })
  await changeSettings(db, {})
  const clerk = browser(app, {})
  await signIn(clerk, '王芳', password)
  t.match((await clerk.get('/users/new')).text, '新账号的角色是「客服」')
  t.match((await clerk.get('/setup/people')).text, '新账号的角色是「客服」')
  await clerk.post('/users', { username: 'xin', name: '新人', password: first, password_again: first })
  t.strictSame(await rolesOf(db, await idOf(db, 'xin')), [service])
  t.match((await admin.get(`/roles/${service}/deletion`)).text, '内置')
  t.equal(
    (await admin.get('/users/new')).page.querySelector(`[name=role_id][value="${service}"]`)?.hasAttribute('checked'),
    true,
  )
})

t.test('nobody widens the own range by the place of others', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const head = { username: '人事', name: '人事', password: first, password_again: first }
  await admin.post('/users', { ...head, role_id: await roleId(db, 'sales_manager') })
  const me = await idOf(db, '人事')
  await db('users').where({ id: me }).update({ is_password_due: false })
  const [role_id, sales] = [await roleId(db, 'sales_manager'), await roleId(db, 'sales')]
  for (const permission of ['users.view', 'users.update', 'departments.view', 'departments.update'])
    await db('role_permissions').insert({ role_id, permission })
  const 李雷 = await idOf(db, '李雷')
  await admin.post(`/users/${李雷}/roles`, { version: 1, role_id: sales })
  const one = browser(app, {})
  await signIn(one, '人事', first)
  const form = { username: '李雷', name: '李雷', status: 'active', version: 2 }
  const below = await one.post(`/users/${李雷}`, { ...form, superior_id: me })
  t.equal(below.status, 422)
  t.match(below.page.querySelector('#user-superior_id-error')?.text, '您自己能看到或修改的资料会变多')
  t.equal((await db('users').where({ id: 李雷 }).first()).superior_id, null)
  t.equal((await one.post(`/users/${李雷}`, { ...form, superior_id: await idOf(db, '王芳') })).status, 303)

  await admin.post('/departments', { name: '总部' })
  await admin.post('/departments', { name: '外地' })
  const department = async (name: string) => (await db('departments').where({ name }).first()).id
  await db('role_ranges').where({ role_id }).update({ range: 'branch' })
  await db('users')
    .where({ id: me })
    .update({ department_id: await department('总部') })
  await db('users')
    .where({ id: 李雷 })
    .update({ department_id: await department('外地') })
  await changeSettings(db, {})
  const move = { name: '外地', version: 1, parent_id: await department('总部') }
  const moved = await one.post(`/departments/${move.parent_id + 1}`, move)
  t.equal(moved.status, 422)
  t.match(moved.text, '您自己能看到或修改的资料会变多')
  t.equal((await admin.post(`/departments/${move.parent_id + 1}`, move)).status, 303)
})
