import t from 'tap'
import { askForRekeying } from '../../../src/customers/duplicates/rekeying.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { upsert } from '../../../src/kernel/db/dialect.ts'
import { rekeyRecords } from '../../../src/kernel/modules/alike-keys.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { actor } from '../../fixtures/world.ts'
import { check, take } from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

/** Machines with one telephone number, or of one level bought on one day, are perhaps one. */
const alike = [{ fields: ['keeper_phone'] }, { fields: ['level_id', 'bought_on'] }]
const machines: Module = { ...equipment, alike }
declareFor(t, [machines, repairs])

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { app, db } = built
  await makeTables(db)
  await presetInstallation(db, null)
  const own = await everyRightWithin(db, '各管各的', { view: 'own' })
  const masked = await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })
  for (const [name, role] of [
    ['甲', own],
    ['乙', own],
    ['丙', masked],
  ] as const)
    await addPerson(db, name, [role])
  await bumpRevision(db)
  const level = await db('dictionary_entries').where({ label: 'VIP客户' }).first('id')
  const as = async (name: string) => signedIn(app, name)
  return { ...built, level: String(level.id), admin: await built.as('韩梅梅'), signedIn: as }
}

let forms = 0
const add = (one: Browser, values: Record<string, string>) =>
  one.post('/equipment', { ...values, form_id: `alike-form-${++forms}` })
const found = ({ page }: Answer) =>
  page.querySelectorAll('#duplicates li').map((line) => line.text.replace(/\s+/g, ' ').trim())

t.test('another record like one that is there is asked about, and saved where it is meant', async (t) => {
  const { db, admin, level } = await world(t)
  const first = await add(admin, { name: '车床', keeper_phone: '139 4401 2345、0431-88990011', level_id: level })
  t.equal(first.status, 303)
  const same = { name: '铣床', keeper_phone: '+8613944012345', note: '记下的话' }
  const refused = await add(admin, same)
  t.equal(refused.status, 422)
  t.match(found(refused), [/保管人电话相同 车床/])
  t.equal(refused.page.querySelector('#duplicates a')?.getAttribute('href'), first.location)
  t.match(refused.page.querySelector('[name=note]')?.text, '记下的话', 'what was typed is kept')
  t.equal((await db('equipment')).length, 1)
  t.equal((await add(admin, { ...same, is_duplicate_accepted: 'true' })).status, 303)
  t.equal((await add(admin, { name: '刨床', keeper_phone: '13944019999', level_id: level })).status, 303)
  t.equal((await db('equipment')).length, 3)
})

t.test('all fields of a rule must be alike; a change is asked about what it newly shares alone', async (t) => {
  const { admin, db, level } = await world(t)
  await add(admin, { name: '车床', level_id: level, bought_on: '2026-03-05' })
  t.equal((await add(admin, { name: '铣床', level_id: level, bought_on: '2026-03-06' })).status, 303)
  const both = await add(admin, { name: '刨床', level_id: level, bought_on: '2026-03-05' })
  t.match(found(both), [/等级、购入日期相同 车床/])
  const { id } = await db('equipment').where({ name: '铣床' }).first('id')
  const change = { name: '铣床', level_id: level, bought_on: '2026-03-05', version: '1' }
  const changed = await admin.post(`/equipment/${id}`, change)
  t.equal(changed.status, 422)
  t.match(found(changed), [/车床/])
  t.equal((await admin.post(`/equipment/${id}`, { ...change, is_duplicate_accepted: 'true' })).status, 303)
  const later = await admin.post(`/equipment/${id}`, { ...change, version: '2', note: '只改备注' })
  t.equal(later.status, 303, 'what it shared before is known')
})

t.test('what is out of reach has no name and no way to it, what is masked is no evidence', async (t) => {
  const { db, signedIn } = await world(t)
  const [jia, yi, bing] = (await Promise.all(['甲', '乙', '丙'].map(signedIn))) as [Browser, Browser, Browser]
  const { location = '' } = await add(jia, { name: '甲的车床', keeper_phone: '13944012345' })
  const refused = await add(yi, { name: '铣床', keeper_phone: '13944012345' })
  t.equal(refused.status, 422)
  t.match(found(refused), [/无权查看的设备.*甲/])
  t.notMatch(refused.body, '甲的车床')
  t.notOk(refused.page.querySelector('#duplicates a'))
  t.equal((await add(bing, { name: '刨床', keeper_phone: '13944012345' })).status, 303)
  await db('equipment').where({ name: '刨床' }).delete()
  t.equal((await jia.post(`${location}/deletion`, { version: '1' })).status, 303)
  const binned = await add(jia, { name: '磨床', keeper_phone: '13944012345' })
  t.match(found(binned), [/甲的车床.*回收站/], 'one in the recycle bin counts too')
  t.notOk(binned.page.querySelector('#duplicates a'))
  const id = location.split('/').at(-1)
  await jia.post(`/recycle-bin/equipment/${id}/purge`, { version: '2' })
  t.same(await db('module_keys').where({ record_id: id }), [], 'and none that is gone')
  t.equal((await add(jia, { name: '磨床', keeper_phone: '13944012345' })).status, 303)
})

t.test('rows of a file like records that are there are decided upon', async (t) => {
  const { db, admin, signedIn } = await world(t)
  await add(admin, { name: '车床', keeper_phone: '13944012345' })
  const heads = ['设备名称', '保管人电话', '备注']
  const rows = (name: string, other: string) => [
    [name, '13944012345', '新的备注'],
    [other, '', ''],
  ]
  const checked = await check(admin, heads, rows('铣床', '刨床'), 'equipment')
  t.match(checked.text, /1 行在系统中已有/)
  t.match(checked.text, /保管人电话/, 'by what it was found')
  await take(admin, checked.location, { existing: 'skip' })
  t.same(await db('equipment').orderBy('id').pluck('name'), ['车床', '刨床'])
  const again = await check(admin, heads, rows('铣床', '钻床'), 'equipment')
  await take(admin, again.location, { existing: 'fill' })
  t.match(await db('equipment').where({ name: '车床' }).first(), { note: '新的备注' })
  const more = await check(admin, heads, rows('铣床', '磨床'), 'equipment')
  await take(admin, more.location, { existing: 'add' })
  t.equal((await db('equipment').where({ name: '铣床' })).length, 1)
  const other = await signedIn('乙')
  const unseen = await check(other, heads, rows('乙的铣床', '乙的刨床'), 'equipment')
  t.match(unseen.text, /2 行正确/)
  t.notMatch(unseen.text, '行在系统中已有', 'what is out of reach is not told')
})

t.test('keys are made anew from the rows', async (t) => {
  const { db, admin, level } = await world(t)
  await add(admin, { name: '车床', keeper_phone: '13944012345', level_id: level, bought_on: '2026-03-05' })
  const keys = await db('module_keys').orderBy('rule').select('module', 'rule', 'value_key', 'record_id')
  t.equal(keys.length, 2)
  await db('module_keys').delete()
  await db.transaction((trx) => rekeyRecords(trx, machines))
  t.same(await db('module_keys').orderBy('rule').select('module', 'rule', 'value_key', 'record_id'), keys)
})

t.test('another area code of the company makes the keys of numbers without one anew', async (t) => {
  const { app, db, admin } = await world(t)
  await add(admin, { name: '车床', keeper_phone: '88990011' })
  const [before] = await db('module_keys').pluck('value_key')
  const user = await db('users').where({ name: '韩梅梅' }).first('id')
  await db.transaction(async (trx) => {
    await upsert(trx, 'settings', { name: 'areaCode' }, { value: JSON.stringify('0432') })
    await askForRekeying(trx, { ...actor, id: user.id }, '0432')
  })
  await app.runJobs()
  const keys: string[] = await db('module_keys').pluck('value_key')
  t.equal(keys.length, 1)
  t.not(keys[0], before)
  t.equal((await add(admin, { name: '铣床', keeper_phone: '0432-88990011' })).status, 422)
})

t.test('a rule about what is no field, or a tick, stops the start', async (t) => {
  for (const fields of [['nothing'], [], ['is_insured']]) {
    const wrong = { ...equipment, name: 'wrong', path: '/wrong', alike: [{ fields }] }
    t.throws(() => declareModules([wrong]), { name: 'DeclarationError', message: /查重/ })
  }
})
