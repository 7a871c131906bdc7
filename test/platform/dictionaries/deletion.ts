import '../../../src/modules.ts'
import type { Knex } from 'knex'
import t from 'tap'
import { addCustomers } from '../../../src/customers/customers/adding.ts'
import { findCustomer } from '../../../src/customers/customers/customer.ts'
import { customers } from '../../../src/customers/customers/customers.ts'
import { tallyOf } from '../../../src/customers/customers/tallies.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { replaceOwnModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { removeRecord } from '../../../src/kernel/modules/records.ts'
import { presetSettings } from '../../../src/kernel/settings/settings.ts'
import { everybody } from '../../../src/kernel/web/viewers.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { makeModule } from '../../fixtures/own-module.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

const levels = '/dictionaries/customer-levels'
const texts = text.dictionaries

t.test('an entry nobody uses is deleted after a question', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const { id } = await levelOf(db, '低价值客户')
  const address = `${levels}/${id}/deletion`
  const question = await admin.get(address)
  t.match(question.text, '确认删除「低价值客户」？')
  t.equal(question.page.querySelector('.submit a')?.getAttribute('href'), levels, '取消 goes back to the list')
  t.equal((await admin.post(address, {})).status, 409, 'without its version it is not deleted')
  t.match(await admin.post(address, { version: 1 }), { status: 303, location: levels })
  t.notOk(await levelOf(db, '低价值客户'))
  const list = await admin.get(levels)
  t.match(list.text, texts.removed('低价值客户'))
  t.equal(list.page.querySelector(`#entry-${id}`), null)
  t.match(await db('events').where({ action: 'delete', record_id: id }).first(), { record_name: '低价值客户' })
  t.equal((await admin.post(address, { version: 1 })).status, 404)
})

t.test('an entry in use is moved to another, in the lists, the recycle bin and the search', async (t) => {
  const { app, db, as, vip, plain } = await companyOf(t)
  const admin = await as('韩梅梅')
  const row = (await admin.get(levels)).page.querySelector(`#entry-${vip.id}`)
  t.equal(row?.querySelector('td.end a')?.text, '2')
  t.equal(row?.querySelector('td.end a')?.getAttribute('href'), `/customers?level_id=${vip.id}`)
  t.match(row?.text, texts.inBin('1'))
  await addPerson(db, '字典员', [await everyRightWithin(db, '字典员', { view: 'all', without: ['customers.view'] })])
  const counted = (await (await signedIn(app, '字典员')).get(levels)).page.querySelector(`#entry-${vip.id} td.end`)
  t.match(counted?.text.trim(), /^2/)
  t.notOk(counted?.querySelector('a'), 'who may not see customers is led to none')

  const address = `${levels}/${vip.id}/deletion`
  const choice = await admin.get(address)
  t.match(choice.text, texts.inUse('VIP客户', '3'))
  t.match(choice.text, texts.inUseBin('1'))
  t.same(optionsOf(choice), ['', '重点客户', '普通客户', '潜在客户', '低价值客户'])

  t.match(await admin.post(address, { version: 1 }), { status: 422, text: /请选择处理方式。/ })
  t.match(await admin.post(address, { version: 1, way: 'move' }), { status: 422, text: /请选择要转移到的条目/ })
  const source = await db('dictionary_entries').where({ dictionary: 'customer-sources' }).first()
  for (const target_id of [vip.id, source.id, 0, 'x'])
    t.equal((await admin.post(address, { version: 1, way: 'move', target_id })).status, 422, `not to ${target_id}`)
  t.equal((await admin.post(address, { version: 7, way: 'move', target_id: plain.id })).status, 409)
  t.equal(await tallyOf(db, `level_id:${vip.id}`), 2, 'a refused move changes nothing')

  t.match(await admin.post(address, { version: 1, way: 'move', target_id: plain.id }), { status: 303 })
  t.notOk(await levelOf(db, 'VIP客户'))
  t.same(await db('customers').where({ level_id: plain.id }).count({ row_count: '*' }), [{ row_count: 4 }])
  t.equal(await tallyOf(db, `level_id:${plain.id}`), 3)
  t.equal(await tallyOf(db, `level_id:${vip.id}`), 0)
  const list = await admin.get(levels)
  t.match(list.text, texts.movedAndRemoved('3', '普通客户', 'VIP客户'))
  t.equal(list.page.querySelector(`#entry-${plain.id} td.end a`)?.text, '3')
  const { id: event } = await db('events')
    .where({ action: 'delete', record_type: 'dictionary_entries', record_id: vip.id })
    .first('id')
  t.match(
    (await admin.get(`/audit-log/${event}`)).text,
    /转移资料.*VIP客户 × 3.*普通客户/,
    'the log says where they went',
  )
  const found = async (id: number, more = '') =>
    (await admin.get(`/customers?level_id=${id}${more}`)).page.querySelectorAll('#list tbody tr').length
  t.equal(await found(plain.id), 3)
  t.equal(await found(plain.id, '&kind=company'), 3, 'by the search index')
  t.equal(await found(plain.id, '&q=长春明日'), 3)
  t.equal(await found(plain.id, '&kind=person'), 0)
})

t.test('what was moved twice is found, what was changed after is not', async (t) => {
  const { db, as, vip, plain } = await companyOf(t)
  const admin = await as('韩梅梅')
  const key = await levelOf(db, '重点客户')
  const low = await levelOf(db, '低价值客户')
  const move = (from: { id: number }, to: { id: number }) =>
    admin.post(`${levels}/${from.id}/deletion`, { version: 1, way: 'move', target_id: to.id })
  t.equal((await move(vip, plain)).status, 303)
  t.equal((await move(plain, key)).status, 303)
  const found = async (id: number) =>
    (await admin.get(`/customers?level_id=${id}&q=长春明日`)).page.querySelectorAll('#list tbody tr').length
  t.equal(await found(key.id), 3)
  const one = await db('customers').where({ level_id: key.id }).whereNull('deleted_at').first()
  const form = { version: one.version, name: one.name, kind: 'company', registered_on: '2026-11-23' }
  const saved = await admin.post(`/customers/${one.id}`, { ...form, owner_id: one.owner_id, level_id: low.id })
  t.equal(saved.status, 303)
  t.equal(await found(key.id), 2)
  t.equal(await found(low.id), 1)
})

t.test('an entry in use can be switched off instead', async (t) => {
  const { db, as, vip, plain } = await companyOf(t)
  const admin = await as('韩梅梅')
  const off = (id: number) => admin.post(`${levels}/${id}/deletion`, { version: 1, way: 'off' })
  t.match(await off(vip.id), { status: 303, location: levels })
  t.match(await levelOf(db, 'VIP客户'), { is_active: false, version: 2 })
  t.match((await admin.get(levels)).page.querySelector(`#entry-${vip.id}`)?.text, texts.inactive)
  t.match(await off(plain.id), { status: 303 })
  t.match(await levelOf(db, '普通客户'), { is_active: false, is_default: false }, 'the default goes with it')
  t.equal((await off(plain.id)).status, 303)
  t.match(await levelOf(db, '普通客户'), { version: 2 }, 'switching off twice is one change')

  const choice = await admin.get(`${levels}/${vip.id}/deletion`)
  t.same(optionsOf(choice), ['', '重点客户', '潜在客户', '低价值客户'], 'nothing moves to an inactive entry')
  t.equal(choice.page.querySelector('[value=off]'), null)
  const target_id = plain.id
  t.equal((await admin.post(`${levels}/${vip.id}/deletion`, { version: 2, way: 'move', target_id })).status, 422)
})

t.test('an entry used only in the recycle bin is not deleted', async (t) => {
  const { db, as } = await buildTestApp(t)
  const key = await levelOf(db, '重点客户')
  await addCompanies(db, [key.id], 1)
  const answer = await (await as('韩梅梅')).post(`${levels}/${key.id}/deletion`, { version: 1 })
  t.match(answer, { status: 422, text: /其中 1 条在回收站中/ })
  t.ok(await levelOf(db, '重点客户'))
})

const levelOf = (db: Knex, label: string) =>
  db('dictionary_entries').where({ dictionary: 'customer-levels', label }).first()

/** Three VIP customers, one of them in the recycle bin, and a plain one. */
async function companyOf(t: Parameters<typeof buildTestApp>[0]) {
  const world = await buildTestApp(t)
  const vip = await levelOf(world.db, 'VIP客户')
  const plain = await levelOf(world.db, '普通客户')
  await addCompanies(world.db, [vip.id, vip.id, vip.id, plain.id], 1)
  return { ...world, vip, plain }
}

async function addCompanies(db: Knex, levelIds: number[], deleted: number) {
  const actor = { id: null, name: '测试', address: null }
  const { id: owner_id } = await db('users').first('id')
  const companies = levelIds.map((level_id, index) => ({
    values: { name: `长春明日科技${index}`, kind: 'company', registered_on: '2026-11-23', owner_id, level_id },
  }))
  await db.transaction(async (trx) => {
    const ids = await addCustomers(trx, companies, { actor, settings: { ...presetSettings, areaCode: '0431' } })
    for (const id of ids.slice(0, deleted))
      await removeRecord(trx, customers, await findCustomer(trx, everybody, id), actor)
  })
}

const optionsOf = ({ page }: { page: { querySelectorAll(selector: string): { text: string }[] } }) =>
  page.querySelectorAll('[name=target_id] option').map((option) => option.text.replace('请选择', '').trim())

t.test('records of declared modules and of those that rows define are counted and moved too', async (t) => {
  const machines: Module = { ...equipment, alike: [{ fields: ['level_id'] }] }
  declareFor(t, [machines, repairs])
  t.teardown(() => replaceOwnModules([]))
  const { db, as } = await buildTestApp(t)
  await makeTables(db)
  await presetInstallation(db, null)
  const own = await makeModule(db, 'moulds')
  const { id: owner_id } = await db('users').first('id')
  const [vip, plain] = [await levelOf(db, 'VIP客户'), await levelOf(db, '普通客户')] as [{ id: number }, { id: number }]
  const at = { created_at: '2026-05-04T00:00:00.000Z', updated_at: '2026-05-04T00:00:00.000Z', version: 1 }
  const machine = { owner_id, level_id: vip.id, is_insured: false, ...at }
  for (const [name, deleted_at] of [
    ['车床', null],
    ['铣床', at.created_at],
  ])
    await db('equipment').insert({ name, name_key: name, name_pinyin: name, deleted_at, ...machine })
  await db('tallies').insert({ module: 'equipment', name: `level_id:${vip.id}`, row_count: 1 })
  await db('repairs').insert({ subject: '换刀', subject_pinyin: 'h', equipment_id: 1, level_id: vip.id, ...at })
  const mould = { f1: '模具一', f1_key: '模具一', f1_pinyin: 'm', is_f4: false, f5_id: vip.id, owner_id, ...at }
  await db(`own_${own}`).insert(mould)
  await db('own_modules').update({ is_active: false })
  await bumpRevision(db)
  const admin = await as('韩梅梅')
  const cell = async () => (await admin.get(levels)).page.querySelector(`#entry-${vip.id} td.end`)
  t.match((await cell())?.text.trim(), /^3/, 'one in the list, a repair, and one of a module that is switched off')
  t.notOk((await cell())?.querySelector('a'), 'no list shows all of them')
  const address = `${levels}/${vip.id}/deletion`
  t.match((await admin.get(address)).text, texts.inUse('VIP客户', '4'))
  t.equal((await admin.post(address, { version: 1 })).status, 422)
  t.equal((await admin.post(address, { version: 1, way: 'move', target_id: plain.id })).status, 303)
  for (const [table, column] of [
    ['equipment', 'level_id'],
    ['repairs', 'level_id'],
    [`own_${own}`, 'f5_id'],
  ] as const)
    t.same(new Set(await db(table).pluck(column)), new Set([plain.id]), table)
  t.same(new Set(await db('module_keys').pluck('value_key')), new Set([String(plain.id)]), 'duplicates follow')
  await db('repairs').delete()
  await db(`own_${own}`).delete()
  const alone = (await admin.get(levels)).page.querySelector(`#entry-${plain.id} td.end a`)
  t.equal(alone?.getAttribute('href'), `/equipment?level_id=${plain.id}`)
  t.match((await admin.get(`/equipment?level_id=${plain.id}`)).text, '共 1 条')
})
