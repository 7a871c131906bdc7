import t from 'tap'
import { declareModules, withdrawModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { line } from '../../../src/kernel/web/fields.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { suppliers } from '../../../src/sales/suppliers.ts'
import { buildTestApp } from '../../fixtures/app.ts'

const vehicles: Module = {
  name: 'vehicles',
  path: '/vehicles',
  label: '车辆',
  group: 'customers',
  fields: [{ name: 'plate', label: '车牌', kind: line, isRequired: true }],
  title: 'plate',
  owner: 'nobody',
  acts: ['view', 'create', 'delete'],
  search: [],
  preset: { sales: ['view', 'create'], warehouse: 'all', marketing: ['view'] },
}

t.test('a module that comes with an update gives the built-in roles their rights, once', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const rightsOf = async (code: string): Promise<string[]> => {
    const role = await db('roles').where({ code }).first('id')
    const held = db('role_permissions').where({ role_id: role.id }).orderBy('permission')
    return (await held.pluck('permission')).filter((one: string) => one.startsWith('vehicles.'))
  }
  const marketing = await db('roles').where({ code: 'marketing' }).first('id', 'name')
  const narrowed = {
    version: '1',
    name: marketing.name,
    range_customers_view: 'own',
    range_customers_change: 'own',
    range_todos_view: 'own',
    range_todos_change: 'own',
  }
  const changed = await admin.post(`/roles/${marketing.id}`, narrowed)
  t.equal(changed.status, 303)
  declareModules([vehicles])
  t.teardown(() => withdrawModules([vehicles.name]))
  const events = await db('events').count({ count: '*' }).first()
  await presetInstallation(db, null)
  t.strictSame(await rightsOf('sales'), ['vehicles.create', 'vehicles.view'])
  t.strictSame(await rightsOf('warehouse'), ['vehicles.create', 'vehicles.delete', 'vehicles.view'])
  t.strictSame(await rightsOf('administrator'), ['vehicles.create', 'vehicles.delete', 'vehicles.view'])
  for (const code of ['service', 'marketing']) t.strictSame(await rightsOf(code), [], code)
  const said = await db('events').orderBy('id').offset(Number(events?.count)).select('user_id', 'record_type', 'action')
  const update = { user_id: null, record_type: 'roles', action: 'update' }
  t.strictSame(said, [update, update], 'noted down for each role that got something')
  const sales = await db('roles').where({ code: 'sales' }).first('id', 'version')
  t.match((await admin.get(`/roles/${sales.id}`)).text, /程序.*车辆.*查看、新增/)

  await db('role_permissions').where({ role_id: sales.id, permission: 'vehicles.create' }).delete()
  await presetInstallation(db, null)
  t.strictSame(await rightsOf('sales'), ['vehicles.view'], 'what was taken away since stays away')
})

t.test('a company that used the program before there were suppliers gets their rights', async (t) => {
  const { db } = await buildTestApp(t)
  const { up } = await import('../../../migrations/20261202140100_fill_known_modules.ts')
  const given = () =>
    db('role_permissions')
      .join('roles', 'roles.id', 'role_permissions.role_id')
      .where('permission', `${suppliers.name}.view`)
      .orderBy('code')
      .pluck('code')
  const fresh = await given()
  await db('known_modules').delete()
  await up(db)
  const administrator = await db('roles').where({ code: 'administrator' }).first('id')
  await db('role_permissions').where('permission', 'like', 'supplier%').whereNot({ role_id: administrator.id }).delete()
  await db('role_permissions').where({ permission: 'competitors.view' }).delete()
  await presetInstallation(db, null)
  t.ok(fresh.includes('sales'))
  t.strictSame(await given(), fresh)
  const known = await db('role_permissions').where({ permission: 'competitors.view' }).pluck('role_id')
  t.strictSame(known, [administrator.id], 'but nothing of what it knew')
})
