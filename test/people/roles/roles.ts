import t from 'tap'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { addPerson, signedIn } from './fixtures/people.ts'

const ofTodos = { range_todos_view: 'own', range_todos_change: 'own' }
const matrix = { range_customers_view: 'team', range_customers_change: 'own', ...ofTodos }

t.test('the built-in roles are there, and the help shows what they may do', async (t) => {
  const { as } = await buildTestApp(t)
  const list = await (await as('韩梅梅')).get('/roles?per=20')
  for (const name of '超级管理员 销售经理 销售员 市场 客服 财务 库管 普通用户 系统管理员 安全管理员 审计员'.split(' '))
    t.match(list.text, name)
  const help = await (await as('王芳')).get('/help/roles')
  t.equal(help.status, 200)
  t.match(help.text, /销售经理.*本人及下属/)
  t.match(help.text, /市场.*银行账号、证件号/)
})

t.test('a role is made, changed and removed, each with what it may do in the history', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const made = await admin.post('/roles', {
    ...matrix,
    name: '内勤',
    module_customers: ['view', 'update'],
    masks: ['phone', 'bank'],
  })
  t.equal(made.status, 303)
  const card = await admin.get(made.location as string)
  t.match(card.text, '查看、修改')
  t.match(card.text, '本人及下属')
  t.match(card.text, '电话、银行账号')
  const id = Number(made.location?.split('/').at(-1))
  t.strictSame((await db('role_permissions').where({ role_id: id }).pluck('permission')).sort(), [
    'customers.update',
    'customers.view',
  ])
  const edit = await admin.get(`/roles/${id}/edit`)
  t.equal(edit.page.querySelectorAll('input[name=module_customers][checked]').length, 2)
  t.equal(edit.page.querySelector('select[name=range_customers_view] option[selected]')?.getAttribute('value'), 'team')
  const saved = await admin.post(`/roles/${id}`, { ...matrix, version: 1, name: '内勤', module_customers: ['view'] })
  t.equal(saved.status, 303)
  const history = (await admin.get(`/roles/${id}`)).text
  t.match(history, /客户资料.{0,9}查看、修改.{0,9}查看/)
  const stale = await admin.post(`/roles/${id}`, {
    ...matrix,
    version: 1,
    name: '内勤二',
    module_customers: ['delete'],
  })
  t.equal(stale.status, 409)
  t.equal((await admin.post(`/roles/${id}/deletion`, { version: 2 })).status, 303)
  t.equal((await admin.get(`/roles/${id}`)).status, 404)
  for (const table of ['role_permissions', 'role_ranges', 'role_masks'])
    t.equal((await db(table).where({ role_id: id })).length, 0, table)
})

t.test('a copy begins with the rights of the one it is copied from', async (t) => {
  const { db, as } = await buildTestApp(t)
  const { id } = await db('roles').where({ code: 'sales' }).first()
  const form = await (await as('韩梅梅')).get(`/roles/new?from=${id}`)
  t.equal(form.page.querySelector('#role-name')?.getAttribute('value'), '销售员（副本）')
  t.ok(form.page.querySelector('input[name=module_customers][value=create][checked]'))
  t.notOk(form.page.querySelector('input[name=module_customers][value=transfer][checked]'))
  t.ok(form.page.querySelector('input[name=masks][value=identity][checked]'))
})

t.test('bad input is said at its field and keeps what was ticked', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const form = { ...matrix, name: '内勤', module_customers: ['view', 'fly'] }
  const cases = [
    [{ name: '' }, 'name', '请填写角色名称'],
    [{ name: ' 销售员 ' }, 'name', '已有同名的角色'],
    [{ name: '超　级'.repeat(20) }, 'name', '最多'],
    [{ name: '甲', range_customers_view: 'galaxy' }, 'range_customers_view', '请从列表中选择'],
  ] as const
  for (const [wrong, field, sentence] of cases) {
    const answer = await admin.post('/roles', { ...form, ...wrong })
    t.equal(answer.status, 422, JSON.stringify(wrong))
    t.match(answer.text, sentence)
    t.ok(answer.page.querySelector(`a[href="#role-${field}"]`), `a link to ${field}`)
    t.ok(answer.page.querySelector('input[name=module_customers][value=view][checked]'))
  }
  t.equal((await db('roles')).length, 11)
  const address = (await admin.post('/roles', { ...matrix, name: '内勤', module_customers: 'view' })).location as string
  const before = await db('roles').where({ name: '内勤' })
  for (const [wrong, field, sentence] of cases) {
    const answer = await admin.post(address, { ...form, version: 1, ...wrong })
    t.equal(answer.status, 422, `changed: ${JSON.stringify(wrong)}`)
    t.match(answer.text, sentence)
    t.ok(answer.page.querySelector(`a[href="#role-${field}"]`), `a link to ${field}`)
  }
  t.strictSame(await db('roles').where({ name: '内勤' }), before, 'nothing is changed by them')
  const same = await admin.post(address, { ...matrix, version: 1, name: '内勤', module_customers: 'view' })
  t.match((await admin.get(same.location as string)).text, '没有改动')
})

t.test('a card says who holds the role, and leads to them', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const roles = Object.fromEntries((await db('roles')).map(({ code, id }) => [code, id]))
  const held = await admin.get(`/roles/${roles.user}`)
  t.match(held.text, /李雷/)
  t.match(held.text, '内置')
  t.match(
    (await admin.get(held.page.querySelector('main a[href^="/users?role_id="]')?.getAttribute('href') as string)).text,
    '李雷',
  )
  const free = await admin.get(`/roles/${roles.finance}`)
  t.notOk(free.page.querySelector('main a[href^="/users?role_id="]'))
})

t.test('what cannot be changed is refused with the reason', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const roles = Object.fromEntries((await db('roles')).map(({ code, id }) => [code, id]))
  t.match((await admin.get(`/roles/${roles.administrator}/edit`)).text, '始终拥有全部权限')
  const fixed = await admin.post(`/roles/${roles.administrator}`, { ...matrix, version: 1, name: '甲' })
  t.equal(fixed.status, 409)
  t.match((await admin.get(`/roles/${roles.sales}/deletion`)).text, '内置的角色不能删除')
  const made = await admin.post('/roles', { ...matrix, name: '内勤', module_customers: 'view' })
  const id = Number(made.location?.split('/').at(-1))
  const { id: user_id } = await db('users').where({ name: '王芳' }).first()
  await db('user_roles').insert({ user_id, role_id: id })
  const inUse = await admin.post(`/roles/${id}/deletion`, { version: 1 })
  t.equal(inUse.status, 409)
  t.match(inUse.text, '还有 1 人担任此角色')
  await db('user_roles').where({ role_id: id }).delete()
  t.equal((await admin.post(`/roles/${id}/deletion`, { version: 7 })).status, 409, 'as it stood before')
  await changeSettings(db, { newUserRole: id })
  const beginning = await admin.post(`/roles/${id}/deletion`, { version: 1 })
  t.equal(beginning.status, 409)
  t.match(beginning.text, text.roles.isBeginning)
  t.equal((await admin.get(`/roles/${id}`)).status, 200)
})

t.test('somebody must stay who can give rights', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const made = await admin.post('/roles', {
    ...matrix,
    name: '掌门',
    module_users: ['view', 'update'],
    module_roles: ['view', 'update', 'assign'],
  })
  const id = Number(made.location?.split('/').at(-1))
  const { id: administrator } = await db('roles').where({ code: 'administrator' }).first()
  await db('user_roles').where({ role_id: administrator }).update({ role_id: id })
  await db('revisions').increment('number', 1)
  const answer = await admin.post(`/roles/${id}`, { ...matrix, version: 1, name: '掌门', module_users: ['view'] })
  t.equal(answer.status, 422)
  t.match(answer.text, '没有在职的人有「用户管理 修改」')
  t.strictSame((await db('role_permissions').where({ role_id: id })).length, 5, 'nothing was changed')
})

t.test('several roles of one person bring their rights together', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const roles = Object.fromEntries((await db('roles')).map(({ code, id }) => [code, id]))
  const user = await db('users').where({ name: '王芳' }).first()
  const form = { username: user.username, name: user.name, status: 'active', version: 1 }
  const given = await admin.post(`/users/${user.id}`, {
    ...form,
    role_id: [String(roles.auditor), String(roles.warehouse)],
  })
  t.equal(given.status, 303)
  t.match((await admin.get(`/users/${user.id}`)).text, '库管、审计员')
  const one = await as('王芳')
  t.equal((await one.get('/customers')).status, 200)
  t.equal((await one.get('/roles')).status, 200)
  t.equal((await one.get('/roles/new')).status, 403)
})

t.test('who keeps the accounts cannot become who gives the rights', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  await addPerson(db, '系统员', ['system_administrator'])
  const guard = await addPerson(db, '安全员', ['security_administrator'])
  const seller = await addPerson(db, '销售', ['sales'])
  const one = await signedIn(app, '系统员')
  const fresh = { password: '一个新密码 New1', password_again: '一个新密码 New1' }
  for (const act of ['password-reset', 'closure', 'second-factor-reset', 'access']) {
    t.equal((await one.get(`/users/${guard}/${act}`)).status, 403, act)
    t.equal((await one.post(`/users/${guard}/${act}`, fresh)).status, 403, act)
    t.equal((await one.get(`/users/${seller}/${act}`)).status, 200, `${act} of others`)
  }
  t.equal((await one.post(`/users/${seller}/password-reset`, fresh)).status, 303)
  t.notOk((await one.get(`/users/${guard}/edit`)).page.querySelector('[name=role_id]'), 'nor give itself a role')
  const self = await db('users').where({ name: '系统员' }).first()
  const roles = Object.fromEntries((await db('roles')).map(({ code, id }) => [code, id]))
  const form = { username: self.username, name: self.name, status: 'active', version: self.version }
  await one.post(`/users/${self.id}`, { ...form, role_id: roles.administrator, position: '员' })
  t.strictSame(await db('user_roles').where({ user_id: self.id }).pluck('role_id'), [roles.system_administrator])
  t.equal((await (await as('韩梅梅')).get(`/users/${guard}/password-reset`)).status, 200)
})
