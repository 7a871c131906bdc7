import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { countAsked } from '../../../src/analysis/analyses/counts.ts'
import { bumpRevision, currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { countAnew } from '../../../src/kernel/db/tallies.ts'
import { talliedColumns } from '../../../src/kernel/modules/tallies.ts'
import { readTable } from '../../../src/kernel/spreadsheets/read-table.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { tableOf } from '../../analysis/analyses/fixtures/table.ts'
import { type Answer, type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { actor } from '../../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

/** What a machine costs to be insured may be read by few. */
const guarded = {
  ...equipment,
  fields: equipment.fields.map((field) => (field.name === 'is_insured' ? { ...field, mask: 'bank' as const } : field)),
}
declareFor(t, [guarded, repairs])

let made = 0
async function addMachine(db: Knex, owner_id: number, more: Record<string, unknown> = {}): Promise<number> {
  const name = `机器${++made}`
  const row = {
    name,
    name_key: name,
    name_pinyin: name,
    owner_id,
    is_insured: false,
    created_at: '2026-05-04T17:00:00.000Z',
    updated_at: '2026-05-04T17:00:00.000Z',
    version: 1,
    ...more,
  }
  const [{ id }] = await db('equipment').insert(row).returning('id')
  return id
}

async function world(t: Parameters<typeof buildTestApp>[0]) {
  const built = await buildTestApp(t)
  const { db } = built
  await makeTables(db)
  await presetInstallation(db, null)
  const [vip, plain] = await Promise.all(
    ['VIP客户', '普通客户'].map((label) => db('dictionary_entries').where({ label }).first('id')),
  )
  const first = await addDepartment(db, { name: '一部' }, actor)
  const second = await addDepartment(db, { name: '二部' }, actor)
  const own = await everyRightWithin(db, '各管各的', { view: 'own' })
  const masked = await everyRightWithin(db, '看不全', { view: 'all', masks: 'bank' })
  const without = await everyRightWithin(db, '没有权限', { view: 'all', without: ['equipment.view'] })
  const jia = await addPerson(db, '甲', [own], { department_id: first })
  const yi = await addPerson(db, '乙', [own], { department_id: second })
  await addPerson(db, '丙', [masked])
  await addPerson(db, '丁', [without])
  const machines = [
    await addMachine(db, jia, {
      level_id: vip.id,
      bought_on: '2026-03-05',
      price: 1_200_050,
      weight_micros: 1_500_001_000,
      is_insured: true,
    }),
    await addMachine(db, jia, { level_id: vip.id, bought_on: '2025-03-31', price: 100, weight_micros: 500_000 }),
    await addMachine(db, yi, {
      level_id: plain.id,
      bought_on: '2026-03-01',
      price: -50,
      checked_at: '2026-04-30T16:30:00.000Z',
    }),
    await addMachine(db, yi, { created_at: '2026-05-04T15:59:59.000Z' }),
    await addMachine(db, yi, { level_id: plain.id, deleted_at: '2026-05-05T00:00:00.000Z', price: 7_000_000 }),
  ]
  await countAnew(db, 'equipment', talliedColumns(equipment), () => db('equipment').whereNull('deleted_at'))
  await bumpRevision(db)
  return { ...built, vip: vip.id as number, plain: plain.id as number, jia, machines, admin: await built.as('韩梅梅') }
}

/** Every number is as many as the list behind it shows. */
async function leadsToAsMany(t: Test, who: Browser, path: string) {
  const answer = await who.get(path)
  const cells = answer.page.querySelectorAll('.analysis-table:not(.on-paper) td a')
  for (const cell of cells) {
    const href = String(cell.getAttribute('href')).replaceAll('&amp;', '&')
    const { page, status } = await who.get(href)
    t.equal(status, 200)
    const rows = page.querySelectorAll('main tbody tr').filter((row) => row.querySelector('a'))
    t.equal(rows.length, Number(cell.text), `${path} ${href}`)
  }
  return cells.length
}

t.test('a declared module is counted by its choices, people, departments and what is ticked', async (t) => {
  const { admin } = await world(t)
  const levels = await admin.get('/analysis/equipment/level_id')
  t.match(levels.page.querySelector('h1')?.text, '设备等级分析')
  const rows = tableOf(levels)
  t.same(
    rows.find(([label]) => label === 'VIP客户'),
    ['VIP客户', '2', '50.0%'],
  )
  t.same(
    rows.find(([label]) => label === '未填写'),
    ['未填写', '1', '25.0%'],
  )
  t.same(rows.at(-1), ['合计', '4', '100.0%'], 'without the recycle bin')
  t.same(tableOf(await admin.get('/analysis/equipment/is_insured')).slice(0, 2), [
    ['是', '1', '25.0%'],
    ['否', '3', '75.0%'],
  ])
  t.same(tableOf(await admin.get('/analysis/equipment/owner_id'))[0]?.slice(0, 2), ['甲', '2'])
  t.same(tableOf(await admin.get('/analysis/equipment/departments'))[0]?.slice(0, 2), ['一部', '2'])
  const kept = { cross: 'is_insured', bought_on_from: '2026-01-01' }
  for (const path of [
    'equipment/level_id',
    'equipment/is_insured',
    'equipment/owner_id',
    'equipment/departments',
    `equipment/level_id?${new URLSearchParams(kept)}`,
    'equipment/level_id?is_insured=true',
    'equipment/level_id?bought_on_from=2026-03-01&bought_on_to=2026-03-31&compare=year',
    'equipment/created_at?created_at_from=2026-04-01&created_at_to=2026-05-31',
    'equipment/checked_at?checked_at_from=2026-04-01&checked_at_to=2026-05-31',
    'repairs/level_id',
  ])
    t.ok((await leadsToAsMany(t, admin, `/analysis/${path}`)) > 0 || path.startsWith('repairs'), path)
})

t.test('what is counted is chosen among what a person may see, masked fields are not there', async (t) => {
  const { app, admin } = await world(t)
  const asked = ['客户', '设备', '维修记录']
  const sources = (answer: Answer) =>
    answer.page
      .querySelectorAll('nav.sources a')
      .map((link) => link.text)
      .filter((one) => asked.includes(one))
  t.same(sources(await admin.get('/analysis/customer-levels')), asked)
  const without = await signedIn(app, '丁')
  t.same(sources(await without.get('/analysis/customer-levels')), ['客户', '维修记录'])
  t.equal((await without.get('/analysis/equipment/level_id')).status, 403)
  t.equal((await without.get('/analysis/equipment/level_id.xlsx')).status, 403)
  t.equal((await admin.get('/analysis/equipment/name')).status, 404)
  t.equal((await admin.get('/analysis/nothing/level_id')).status, 404)
  t.equal((await admin.get('/analysis/tags/created_at')).status, 404, 'what is set up is not counted')
  const masked = await signedIn(app, '丙')
  t.equal((await masked.get('/analysis/equipment/is_insured')).status, 403)
  const levels = await masked.get('/analysis/equipment/level_id')
  t.notMatch(levels.text, '已投保')
  t.equal((await masked.get('/analysis/equipment/level_id?is_insured=true')).status, 422)
  t.equal((await masked.get('/analysis/equipment/level_id?cross=is_insured')).status, 422)
  t.equal((await admin.get('/analysis/equipment/level_id?level_id=999999')).status, 422)
})

t.test('a range narrows what is counted, and says so', async (t) => {
  const { app } = await world(t)
  const own = await signedIn(app, '甲')
  const answer = await own.get('/analysis/equipment/level_id')
  t.same(tableOf(answer).at(-1), ['合计', '2', '100.0%'])
  t.match(answer.page.querySelector('.sheet-facts')?.text, '本人数据范围内的设备')
  t.equal(tableOf(await own.get('/analysis/equipment/level_id?sum=price')).at(-1)?.[2], '12,001.50')
})

t.test('numbers are added up, in every way, on the page and in files', async (t) => {
  const { admin, machines, db, jia } = await world(t)
  const summed = await admin.get('/analysis/equipment/level_id?sum=price')
  t.match(summed.text, '价格合计')
  const rows = tableOf(summed)
  t.same(
    rows.find(([label]) => label === 'VIP客户'),
    ['VIP客户', '2', '12,001.50', ''],
    'of less than nothing there is no part',
  )
  t.same(rows.at(-1), ['合计', '4', '12,001.00', ''])
  const crossed = tableOf(await admin.get('/analysis/equipment/level_id?sum=price&cross=owner_id'))
  t.same(crossed.at(-1), ['合计', '12,001.50', '-0.50', '12,001.00', ''])
  const grown = await admin.get(
    '/analysis/equipment/bought_on?sum=price&bought_on_from=2026-02-01&bought_on_to=2026-03-31&compare=year',
  )
  t.same(tableOf(grown).at(1)?.slice(0, 2), ['2026-03', '12,000'])
  const heavy = tableOf(await admin.get('/analysis/equipment/level_id?sum=weight_micros'))
  t.same(heavy.at(-1), ['合计', '4', '1,500.501', '100.0%'], 'with as many places as there are')
  t.equal((await admin.get('/analysis/equipment/level_id?sum=note')).status, 422)
  const book = join(await newFolder(t), 'a.xlsx')
  await writeFile(book, (await admin.get('/analysis/equipment/level_id.xlsx?sum=price')).raw)
  const lines = (await Array.fromAsync(readTable(book))).map(({ cells }) => cells)
  t.same(lines.at(-1)?.slice(0, 3), ['合计', '4', '12001'])
  t.equal((await admin.get('/analysis/equipment/level_id.pdf?sum=price')).raw.subarray(0, 5).toString(), '%PDF-')
  const repair = {
    subject: '换轴承',
    subject_pinyin: 'h',
    equipment_id: machines[0],
    created_at: '2026-05-04T00:00:00.000Z',
  }
  await db('repairs').insert({ ...repair, updated_at: repair.created_at, version: 1 })
  const departments = await admin.get('/analysis/repairs/departments')
  t.same(tableOf(departments)[0]?.slice(0, 2), ['一部', '1'], 'of what hangs on another the owner counts')
  t.equal(await leadsToAsMany(t, admin, '/analysis/repairs/departments'), 2)
  t.ok(jia)
})

t.test('days are counted as days in China, and a report of them is kept, shared and seen by who may', async (t) => {
  const { app, admin } = await world(t)
  const days = 'created_at_from=2026-05-04&created_at_to=2026-05-05'
  const path = '/analysis/equipment/created_at'
  t.equal(tableOf(await admin.get(`${path}?created_at_from=2026-05-05&created_at_to=2026-05-05`)).at(-1)?.[1], '3')
  const saved = {
    analysis: 'equipment/created_at',
    query: days,
    name: '五月的设备',
    is_shared: 'true',
    is_pinned: 'true',
  }
  t.equal((await admin.post('/saved-reports', { ...saved, form_id: 'equipment-report-1' })).location, `${path}?${days}`)
  t.match((await admin.get('/desk')).text, '五月的设备')
  t.match((await (await signedIn(app, '甲')).get(path)).text, '五月的设备')
  const without = await signedIn(app, '丁')
  t.notMatch((await without.get('/analysis/customer-levels')).text, '五月的设备')
  const refused = { ...saved, name: '看不到的', form_id: 'equipment-report-2' }
  t.equal((await without.post('/saved-reports', refused)).status, 404)
})

t.test('counting aside finds the module by its name', async (t) => {
  const { db, vip } = await world(t)
  const ask = {
    analysis: 'equipment/level_id',
    revision: await currentRevision(db),
    sum: 'price',
    owners: 'all' as const,
  }
  const column = { kind: 'column' as const, column: 'equipment.level_id', values: [String(vip)] }
  t.same(await countAsked(db, { ...ask, ...column, filters: {} }), {
    total: 1_200_100,
    countByValue: new Map([[String(vip), 1_200_150]]),
  })
  await t.rejects(countAsked(db, { ...ask, ...column, analysis: 'own_1/f1', filters: {} }))
})
