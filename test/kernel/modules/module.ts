import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { declareModules } from '../../../src/kernel/modules/catalogue.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { competitors } from '../../../src/office/competitors.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { countsAgree, textsAgree } from '../../fixtures/agreement.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readable } from '../../fixtures/readable.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

declareFor(t, [equipment, repairs])

const machine = {
  name: '数控车床',
  keeper_phone: '13944012345',
  bought_on: '2026-03-05',
  price: '12000.50',
  is_insured: 'true',
  note: '放在二车间',
}
let forms = 0
const add = (one: Browser, more: Record<string, string> = {}, path = '/equipment') =>
  one.post(path, { ...machine, ...more, form_id: `equipment-form-${++forms}` })

/** A manager of two people, and each of them; what nobody asked about is everybody's. */
async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { app, db } = built
  await makeTables(db)
  await presetInstallation(db, null)
  await bumpRevision(db)
  const own = await everyRightWithin(db, '各管各的', { view: 'own' })
  const masked = await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })
  const without = await everyRightWithin(db, '没有权限', { view: 'all', without: ['equipment.view'] })
  const people: Record<string, number> = {}
  for (const [name, role] of [
    ['甲', own],
    ['乙', own],
    ['丙', masked],
    ['丁', without],
  ] as const)
    people[name] = await addPerson(db, name, [role])
  const as = async (name: string) => signedIn(app, name)
  return { ...built, people, admin: await built.as('韩梅梅'), signedIn: as }
}

t.test('a declared module: a record is made, shown, changed, and its history is kept', async (t) => {
  const { admin } = await world(t)
  const form = await admin.get('/equipment/new')
  t.match(form.page.querySelector('h1')?.text, '新增设备')
  for (const { name } of equipment.fields) t.ok(form.page.querySelector(`[name=${name}]`), name)
  const { location = '', status } = await add(admin)
  t.equal(status, 303)
  const card = await admin.get(location)
  for (const said of ['数控车床', '139-4401-2345', '2026-03-05', '12,000.50', '是', '二车间', '设备「数控车床」已保存'])
    t.match(card.text.replace(/(\d{3})\s?(\d{4})\s?(\d{4})(?=\D)/, '$1-$2-$3'), said)
  const edit = await admin.get(`${location}/edit`)
  t.equal(edit.page.querySelector('[name=price]')?.getAttribute('value'), '12000.50')
  t.equal((await admin.post(location, { ...machine, version: '1', note: '放在三车间' })).status, 303)
  t.match((await admin.get(location)).text, /二车间.*三车间/)
})

t.test('bad input is told at the field and keeps what was typed', async (t) => {
  const { db, admin } = await world(t)
  await add(admin)
  for (const [more, field, sentence] of [
    [{ name: '' }, 'name', /请填写/],
    [{ name: '长'.repeat(41) }, 'name', /40/],
    [{ name: '数控 车床'.replace(' ', '') }, 'name', /已有同名的设备/],
    [{ bought_on: '2026-02-30' }, 'bought_on', /./],
    [{ price: '很多' }, 'price', /./],
    [{ level_id: '99999' }, 'level_id', /./],
  ] as const) {
    const refused = await add(admin, { ...more, note: '记下的话' })
    t.equal(refused.status, 422, JSON.stringify(more))
    t.match(refused.page.querySelector(`#equipment-${field}-error`)?.text, sentence)
    t.match(refused.page.querySelector('[name=note]')?.text, '记下的话')
  }
  t.equal((await db('equipment')).length, 1)
  await countsAgree(t, db, equipment)
  await textsAgree(t, db, equipment)
})

t.test('two people at once lose nothing', async (t) => {
  const { admin, signedIn } = await world(t)
  const { location = '' } = await add(admin)
  const other = await signedIn('丙')
  t.equal((await other.post(location, { ...machine, version: '1', note: '先到' })).status, 303)
  const conflict = await admin.post(location, { ...machine, version: '1', note: '后到' })
  t.equal(conflict.status, 409)
  t.match(conflict.text, /先到/)
  t.match(conflict.text, /后到/)
  const settled = { ...machine, version: '2', note: '后到', keep_note: 'theirs' }
  t.equal((await admin.post(location, settled)).status, 303)
  t.match((await admin.get(location)).text, '先到')
})

t.test('a form sent twice makes one record', async (t) => {
  const { db, admin } = await world(t)
  const sent = { ...machine, form_id: 'equipment-twice' }
  const [one, other] = [await admin.post('/equipment', sent), await admin.post('/equipment', sent)]
  t.equal(one.location, other.location)
  t.equal((await db('equipment')).length, 1)
  await countsAgree(t, db, equipment)
  await textsAgree(t, db, equipment)
})

t.test('the list: search, filters, conditions, order, columns, and the same on paper and in files', async (t) => {
  const { db, admin } = await world(t)
  const level = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).first('id', 'label')
  await add(admin, { level_id: String(level.id) })
  await add(admin, { name: '铣床', keeper_phone: '', bought_on: '2025-01-01', price: '5' })
  const names = async (query: string) =>
    (await admin.get(`/equipment?${query}`)).page
      .querySelectorAll('tbody tr')
      .map((row) => row.querySelector('a')?.text)
  t.same(await names('q=车床'), ['数控车床'])
  t.same(await names('q=xichuang'), ['铣床'])
  t.same(await names('q=4401'), ['数控车床'], 'a part of a number')
  t.same(await names(`level_id=${level.id}`), ['数控车床'])
  t.same(await names('bought_on_from=2026-01-01'), ['数控车床'])
  t.same(await names('f=price:between:1,10'), ['铣床'])
  t.same(await names('sort=bought_on'), ['铣床', '数控车床'])
  t.same(await names('sort=-bought_on'), ['数控车床', '铣床'])
  t.match((await admin.get('/equipment?columns=name,note')).text, '二车间')
  t.match((await admin.get('/equipment?level_id=777777')).text, '777777', 'an unknown value is refused in words')
  t.match((await admin.get('/equipment/print')).text, '铣床')
  const folder = newFolder(t)
  for (const ending of ['csv', 'xlsx']) t.match(await readable(await admin.get(`/equipment.${ending}`), folder), '铣床')
  for (const path of ['/equipment/print.pdf', '/equipment/1/print.pdf'])
    t.equal((await admin.get(path)).raw.subarray(0, 5).toString(), '%PDF-', path)
  await countsAgree(t, db, equipment)
  await textsAgree(t, db, equipment)
})

t.test('whose it is decides who sees it, with all that hangs on it', async (t) => {
  const { db, signedIn } = await world(t)
  const [one, other, blind] = (await Promise.all(['甲', '乙', '丁'].map(signedIn))) as [Browser, Browser, Browser]
  const { location = '' } = await add(one)
  t.match((await one.get('/equipment')).text, '数控车床')
  const repair = await one.post('/repairs', {
    equipment_id: location.split('/').at(-1) as string,
    subject: '换刀具',
    done_on: '2026-04-01',
    form_id: 'repair-form-1',
  })
  t.equal(repair.status, 303)
  t.match((await one.get(String(repair.location))).page.querySelector(`main a[href="${location}"]`)?.text, '数控车床')
  t.match((await one.get(location)).text, '换刀具', 'the card shows what hangs on it')
  const adding = async (who: Browser) => (await who.get(location)).page.querySelector('main a[href^="/repairs/new"]')
  t.ok(await adding(one))
  await addPerson(db, '只看维修', [
    await everyRightWithin(db, '只看维修', { view: 'all', without: ['repairs.create'] }),
  ])
  t.notOk(await adding(await signedIn('只看维修')), 'offered only to who may add it')
  for (const path of ['', '/edit', '/deletion', '/print.pdf'])
    for (const record of [location, String(repair.location)]) {
      t.equal((await one.get(record + path)).status, 200, `${record}${path}`)
      t.equal((await other.get(record + path)).status, 404, `${record}${path}`)
    }
  const links = (await one.get('/repairs')).page.querySelectorAll('a').map((link) => link.getAttribute('href'))
  t.same(
    links.filter((href) => href?.startsWith('/repairs/new')),
    [],
    'what hangs on a record is added on the card of that one',
  )
  for (const path of ['/equipment.csv', '/equipment/print', '/repairs.csv', '/equipment', '/repairs'])
    t.notMatch((await other.get(path)).body, /数控车床|换刀具/, path)
  t.equal((await other.post(location, { ...machine, version: '1' })).status, 404)
  const alien = { equipment_id: location.split('/').at(-1) as string, subject: '混入', form_id: 'repair-form-2' }
  t.equal((await other.post('/repairs', alien)).status, 404)
  for (const path of ['/equipment', '/equipment/new', location, '/equipment.xlsx'])
    t.equal(
      (await blind.get(path)).status,
      path === '/equipment/new' ? 200 : path === '/equipment.xlsx' ? 200 : 403,
      path,
    )
  await countsAgree(t, db, equipment)
  await textsAgree(t, db, equipment)
})

t.test('what is masked is read by nobody who may not, anywhere, and asked for whole it is noted down', async (t) => {
  const { admin, signedIn, db } = await world(t)
  const { location = '' } = await add(admin)
  const half = await signedIn('丙')
  const folder = newFolder(t)
  const whole = /139.?4401.?2345/
  for (const path of [
    location,
    `${location}/edit`,
    '/equipment',
    '/equipment/print',
    '/equipment.csv',
    '/equipment.xlsx',
  ])
    t.notMatch(await readable(await half.get(path), folder), whole, path)
  t.notMatch((await half.get('/equipment?q=4401')).text, '数控车床', 'nor is it found by it')
  t.equal((await half.post(location, { ...machine, keeper_phone: '', version: '1', note: '改了' })).status, 303)
  t.match((await db('equipment').first('keeper_phone')).keeper_phone, /139/, 'nor lost by who does not see it')
  t.equal((await half.post(`${location}/unmasking`)).status, 303)
  t.match((await half.get(location)).text, whole)
  t.match(await db('events').where({ action: 'unmask' }).first(), { record_type: 'equipment', user_name: '丙' })
  await countsAgree(t, db, equipment)
  await textsAgree(t, db, equipment)
})

t.test('the rights page, the log and the explanation know it', async (t) => {
  const { admin, db, people, signedIn } = await world(t)
  const { location = '' } = await add(admin, { owner_id: String(people.甲) })
  t.match((await admin.get('/roles/new')).text, /设备.*查看.*新增/)
  const log = await admin.get('/audit-log?record=数控车床')
  t.match(log.text, /设备.*数控车床/)
  await admin.post(location, { ...machine, keeper_phone: '13800138000', version: '1' })
  const event = await db('events').where({ record_type: 'equipment', action: 'update' }).first('id')
  t.match((await admin.get(`/audit-log/${event.id}`)).text, /保管人电话.*1234.?5.*138/)
  const half = (await (await signedIn('丙')).get(`/audit-log/${event.id}`)).text
  t.match(half, '保管人电话')
  t.notMatch(half, /12345/)
  const asked = await admin.get(`/access-explanation?user_id=${people.甲}&code=${location}`)
  t.match(asked.text, /设备 查看 可以 ✓/)
  const refused = await admin.get(`/access-explanation?user_id=${people.乙}&code=${location}`)
  t.match(refused.text, /设备 查看 不可以/)
  t.match(
    (await admin.get('/equipment')).page.querySelector('nav')?.text ?? (await admin.get('/equipment')).text,
    '设备',
  )
  await countsAgree(t, db, equipment)
  await textsAgree(t, db, equipment)
})

t.test('what is deleted goes to the bin, comes back whole, or goes for good with what hangs on it', async (t) => {
  const { admin, signedIn, db } = await world(t)
  const [one, other] = (await Promise.all(['甲', '乙'].map(signedIn))) as [Browser, Browser]
  const { location = '' } = await add(one)
  const id = location.split('/').at(-1) as string
  const repair = await one.post('/repairs', { equipment_id: id, subject: '换刀具', form_id: 'repair-form-3' })
  t.equal((await one.post(`${location}/deletion`, { version: '7' })).status, 409, 'opened at another version')
  t.equal((await one.post(`${location}/deletion`, { version: '1' })).status, 303)
  for (const path of [location, String(repair.location)]) t.equal((await one.get(path)).status, 404, path)
  t.notMatch((await one.get('/repairs')).text, '换刀具', 'what hangs on it is not shown either')
  t.ok((await one.get('/recycle-bin')).page.querySelector('a[href="/recycle-bin/equipment"]'))
  t.match((await one.get('/recycle-bin/equipment')).text, '数控车床')
  t.notMatch((await other.get('/recycle-bin/equipment')).text, '数控车床')
  for (const noun of ['restoration', 'purge'])
    t.equal((await other.get(`/recycle-bin/equipment/${id}/${noun}`)).status, 404, noun)
  t.equal((await one.post(`/recycle-bin/equipment/${id}/restoration`, { version: '2' })).status, 303)
  t.match((await one.get(location)).text, '换刀具')
  t.equal((await one.post(`${location}/deletion`, { version: '3' })).status, 303)
  t.match((await admin.get(`/recycle-bin/equipment/${id}/purge`)).text, '1 条维修记录')
  t.equal((await admin.post(`/recycle-bin/equipment/${id}/purge`, { version: '4' })).status, 303)
  t.same([await db('equipment'), await db('repairs')], [[], []])
  t.same(await db('events').where({ record_type: 'equipment', record_id: id }).orderBy('id').pluck('action'), [
    'create',
    'delete',
    'restore',
    'delete',
    'purge',
  ])
  await countsAgree(t, db, equipment)
  await textsAgree(t, db, equipment)
})

t.test('who makes a record somebody else’s, or gives it away, is not led to what is out of reach', async (t) => {
  const { people, signedIn } = await world(t)
  const one = await signedIn('甲')
  const theirs = { owner_id: String(people.乙) }
  t.equal((await add(one, theirs)).location, '/equipment')
  const { location = '' } = await add(one, { name: '铣床' })
  t.match(location, /^\/equipment\/\d+$/)
  const given = await one.post(location, { ...machine, ...theirs, name: '铣床', version: '1' })
  t.equal(given.location, '/equipment')
  t.match((await one.get('/equipment')).text, '设备「铣床」已保存')
})

t.test('a declaration that cannot be is named, and nothing of it is taken up', async (t) => {
  const wrong = (more: Partial<Module>) => () =>
    declareModules([{ ...competitors, name: 'other', path: '/other', ...more }])
  const [name] = competitors.fields as [Module['fields'][number]]
  for (const [more, sentence] of [
    [{ name: 'competitors' }, /competitors.*已经存在/],
    [{ path: '/competitors' }, /competitors/],
    [{ fields: [name, name] }, /name.*重复/],
    [{ title: 'nothing' }, /nothing/],
    [{ search: ['nothing'] }, /nothing/],
    [{ name: 'Two words' }, /字母/],
    [{ name: 'a'.repeat(41) }, /40/],
    [{ fields: [...equipment.fields, { ...equipment.fields[0], name: 'compare' } as never] }, /compare/],
    [{ acts: ['view', 'fly' as never] }, /fly/],
    [{ acts: ['create'] }, /查看/],
    [{ owner: { by: 'nobody_id' } }, /nobody_id/],
    [{ sections: { column: 'kind', of: [{ name: 'A b', label: '甲' }] } }, /A b/],
    [{ sections: { column: 'kind', of: ['a', 'b', 'a'].map((name) => ({ name, label: '甲' })) } }, /分类 a/],
    [{ owner: { through: 'name', module: 'nothing' } }, /nothing/],
  ] as [Partial<Module>, RegExp][]) {
    t.throws(wrong(more), { name: 'DeclarationError', message: sentence })
  }
})
