import t from 'tap'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import { type Module, rightOf } from '../../../src/kernel/modules/module.ts'
import { makeOwnTables } from '../../../src/kernel/modules/own-table.ts'
import { isPermission, rightsOf } from '../../../src/kernel/permissions.ts'
import { choice, line } from '../../../src/kernel/web/fields.ts'
import { entriesOf } from '../../../src/kernel/web/options.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const machines: Module = { ...equipment, rights: 'machines' }
/** Whoever may change a machine may write down what was done to it. */
const works: Module = {
  ...repairs,
  acts: ['view', 'create', 'update', 'delete'],
  files: undefined,
  rights: { view: 'machines.view', create: 'machines.update', update: 'machines.update' },
}
/** Of nobody, with acts that are guarded by rights of several modules. */
const shelves: Module = {
  name: 'shelves',
  path: '/shelves',
  label: '货架',
  fields: [
    { name: 'name', label: '名称', kind: line, max: 40, isRequired: true },
    { name: 'level_id', label: '等级', kind: choice, options: entriesOf('customer-levels'), isBatch: true },
  ],
  title: 'name',
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete'],
  search: [],
  rights: { view: 'company.view', update: 'settings.update', create: 'company.view', delete: 'mail.create' },
}
declareFor(t, [machines, works, shelves])

t.test('a module may have rights of another name, and rights of others may guard its acts', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  await makeTables(db)
  await makeOwnTables(db, shelves)
  await presetInstallation(db, null)
  t.ok(isPermission('machines.view'))
  t.notOk(isPermission('equipment.view'))
  t.same(rightsOf('repairs'), ['repairs.delete'], 'its own are those that are not of others')
  t.equal(rightOf(works, 'update'), 'machines.update')

  const own = await everyRightWithin(db, '各管各的', { view: 'own' })
  const looking = await everyRightWithin(db, '只看', { view: 'own', without: ['machines.update', 'machines.create'] })
  const id = await addPerson(db, '甲', [own])
  await addPerson(db, '乙', [own])
  await addPerson(db, '丙', [looking])
  const [one, other, looker] = [await signedIn(app, '甲'), await signedIn(app, '乙'), await signedIn(app, '丙')]

  const { location = '' } = await one.post('/equipment', {
    name: '铣床',
    keeper_phone: '13944012345',
    form_id: 'rights-1',
  })
  const repair = await one.post('/repairs', {
    equipment_id: String(location.split('/').at(-1)),
    subject: '换油',
    form_id: 'rights-2',
  })
  t.equal(repair.status, 303)
  t.match((await one.get(location)).text, '换油')
  t.equal((await other.get(location)).status, 404, 'the range of the other rights holds')
  t.equal((await other.get(String(repair.location))).status, 404)
  t.notMatch((await other.get('/repairs')).text, '换油')
  for (const path of ['/equipment/new', '/repairs/new']) t.equal((await looker.get(path)).status, 403, path)
  t.equal((await looker.get('/repairs')).status, 200)

  const admin = await as('韩梅梅')
  t.ok(await db('events').where({ record_type: 'equipment', action: 'create' }).first(), 'the log names the table')
  t.match((await admin.get('/audit-log?record=铣床')).text, /设备.*铣床/)
  t.match((await admin.get('/roles/new')).page.querySelector('[name=module_machines]'), {})
  const asked = await admin.get(`/access-explanation?user_id=${id}&code=${location}`)
  t.match(asked.text, /设备 查看 可以 ✓/)
  const ofRepair = await admin.get(`/access-explanation?user_id=${id}&code=${repair.location}`)
  t.equal(ofRepair.text.match(/设备 修改 可以 ✓/g)?.length, 1, 'once, whatever it guards')
})

t.test('an act that borrows its right reaches as far as the act, whatever else its lender lets one see', async (t) => {
  const { app, db } = await buildTestApp(t)
  await makeOwnTables(db, shelves)
  await presetInstallation(db, null)
  const without = ['settings.view', 'mail.view']
  for (const name of ['甲', '乙'])
    await addPerson(db, name, [await everyRightWithin(db, `${name}的`, { view: 'all', without })])
  const [one, other] = [await signedIn(app, '甲'), await signedIn(app, '乙')]
  for (const name of ['一', '二'])
    t.equal((await one.post('/shelves', { name, form_id: `shelf-form-${name}` })).status, 303)
  const level = await db('dictionary_entries').where({ label: 'VIP客户' }).first('id')
  const ids: number[] = await db('shelves').orderBy('id').pluck('id')
  const chosen = { query: '', scope: 'rows', ids: ids.map(String) }
  const done = async (act: string, more = {}) => {
    const { location = '' } = await one.post('/shelves/selections', { ...chosen, act })
    t.equal((await one.post(location, { ...more, form_id: `shelf-act-${act}` })).status, 303, act)
    return one.get('/shelves')
  }
  t.match((await done('level_id', { level_id: String(level.id) })).text, '完成 2 个货架')
  t.match(await db('shelves'), [{ level_id: level.id }, { level_id: level.id }])
  t.match((await one.get('/batch-acts')).text, '货架')
  t.notMatch(
    (await other.get('/batch-acts')).text,
    '货架',
    'the range of the lender says nothing about what is nobody’s',
  )
  const card = await one.get(`/shelves/${ids[0]}`)
  for (const noun of ['edit', 'deletion']) t.ok(card.page.querySelector(`a[href="/shelves/${ids[0]}/${noun}"]`), noun)
  t.match((await done('delete')).text, '完成 2 个货架')
  t.same(await db('shelves'), [])
})

t.test('rights that cannot be are named, and the module is not taken up', async (t) => {
  const wrong =
    (rights: Module['rights'], more: Partial<Module> = {}) =>
    () =>
      declareModules([{ ...equipment, name: 'other', path: '/other', ...more, rights }])
  for (const [rights, sentence, more] of [
    ['Two words', /字母/],
    ['machines', /machines 已属于/],
    ['settings', /settings 已属于/],
    [{ view: 'machines.fly' }, /machines\.fly/],
    [{ view: 'nothing.view' }, /nothing\.view/],
    [{ assign: 'roles.assign' }, /roles\.assign/],
    [{ view: 'settings.view' }, /settings\.view/],
    [{ view: 'machines.fly' }, /machines\.fly/, { owner: 'nobody' }],
  ] as [Module['rights'], RegExp, Partial<Module>?][])
    t.throws(wrong(rights, more), { name: 'DeclarationError', message: sentence })
  t.notOk(isPermission('other.view'))
})
