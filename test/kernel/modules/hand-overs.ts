import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import type { Module } from '../../../src/kernel/modules/module.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { addMany } from '../../customers/customers/fixtures/customers.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { declareFor, equipment, makeTables, repairs } from '../../fixtures/equipment.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { readable } from '../../fixtures/readable.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'

/** A machine that is locked stays with whom it is. */
const lockable: Module = {
  ...equipment,
  hooks: {
    check: async (_run, { name }) =>
      name === '锁定' ? [{ field: 'owner_id', label: '所属人员', message: '锁定的设备不能移交。' }] : [],
  },
}
declareFor(t, [lockable, repairs])

const { app, db, as } = await buildTestApp(t)
await makeTables(db)
await presetInstallation(db, null)
const all = await everyRightWithin(db, '全部', { view: 'all' })
const blind = await everyRightWithin(db, '看不到设备', { view: 'all', without: ['equipment.view'] })
const noGiving = await everyRightWithin(db, '不能移交设备', { view: 'all', without: ['equipment.transfer'] })
const [one, other, third, mover] = await Promise.all([
  addPerson(db, '甲', [all]),
  addPerson(db, '乙', [all]),
  addPerson(db, '丙', [blind]),
  addPerson(db, '丁', [noGiving]),
])
await bumpRevision(db)
const admin = await as('韩梅梅')

let made = 0
const stamps = { created_at: '2026-11-01T00:00:00.000Z', updated_at: '2026-11-01T00:00:00.000Z', version: 1 }
async function machines(count: number, more: Record<string, unknown> = {}) {
  const ids: number[] = []
  for (let at = 0; at < count; at++) {
    const name = `机床${++made}`
    const row = { ...stamps, name, name_key: name, name_pinyin: name, is_insured: false, owner_id: one, ...more }
    ids.push((await db('equipment').insert(row).returning('id'))[0].id)
  }
  return ids
}
const ownedBy = async (owner_id: number) => (await db('equipment').where({ owner_id })).length
const send = async (browser: Browser, form: Record<string, string | number>, by = 'one') => {
  const answer = await browser.post(`/users/${one}/handover?by=${by}`, { reason: '调岗', ...form })
  await app.runJobs()
  return answer
}

t.test('who has machines and no customers hands them over; nobody gets them who does not see them', async (t) => {
  const [first, binned] = (await machines(2)) as [number, number]
  await db('equipment').where({ id: binned }).update({ deleted_at: '2026-11-02T00:00:00.000Z' })
  const [repair] = await db('repairs')
    .insert({ ...stamps, subject: '换刀', subject_pinyin: 'x', equipment_id: first })
    .returning('id')
  const page = await admin.get(`/users/${one}/handover`)
  t.match(page.text, /客户 0 .*设备 1 回收站中的设备 1/)
  t.ok(page.page.querySelector(`a[href="/equipment?owner_id=${one}"]`))
  const waysOn = page.page.querySelectorAll('a[href*="/handover?by="]').map((link) => link.getAttribute('href'))
  t.strictSame(
    waysOn.map((href) => href?.split('by=')[1]),
    ['one', 'even'],
    'nothing to deal out by a field of customers',
  )
  const refused = await send(admin, { receiver_1: third })
  t.equal(refused.status, 422)
  t.match(refused.text, '丙 的角色不能查看设备')
  t.match((await admin.get(`/users/${one}/closure`)).text, /此人还有 1 条记录/)
  const { location = '' } = await send(admin, { receiver_1: other })
  t.same([await ownedBy(one), await ownedBy(other)], [0, 2])
  const shown = await admin.get(location)
  t.match(shown.text, /已完成.*2 \/ 2 条记录/)
  t.match(shown.text, /乙 设备 ?2/)
  t.match((await admin.get(`/equipment/${first}`)).text, /移交.*所属人员: ?甲 → 乙.*移交原因: ?调岗/)
  t.same(await db('events').where({ record_type: 'equipment', record_id: binned }).pluck('action'), ['transfer'])
  t.equal((await (await signedIn(app, '乙')).get(`/repairs/${repair.id}`)).status, 200, 'what hangs on it goes along')
  const said = await readable(await admin.get(`${location}/customers.xlsx`), newFolder(t))
  t.match(said, /类别.*编码.*名称/)
  t.match(said, new RegExp(`乙\t设备\t?\t机床${made - 1}`))
  t.match(said, '（回收站）')
  t.equal((await admin.get(`${location}/protocol.pdf`)).raw.subarray(0, 5).toString(), '%PDF-')
  t.match((await admin.get(`/users/${other}`)).text, /甲 移交 2 条记录/)
})

t.test('machines and customers go together, dealt out alike; what may not go stays, and is said', async (t) => {
  await db('equipment').update({ owner_id: mover })
  await addMany(
    db,
    [1, 2, 3].map((at) => ({ name: `移交${at}公司`, owner_id: one })),
  )
  const ids = await machines(300)
  const [locked] = await machines(1, { name: '锁定' })
  const page = await admin.get(`/users/${one}/handover?by=even`)
  t.match(page.text, /客户 3 .*设备 301 .*第一位接收人/)
  const before = await ownedBy(other)
  const { location = '' } = await send(admin, { receiver_1: other, receiver_2: mover }, 'even')
  t.equal((await db('customers').where({ owner_id: one })).length, 0)
  t.same(await db('equipment').where({ owner_id: one }).pluck('id'), [locked])
  t.ok(Math.abs((await ownedBy(other)) - before - ids.length / 2) <= 2, 'in turns')
  const shown = await admin.get(location)
  t.match(shown.text, /已完成.*303 \/ 304 条记录/)
  t.match(shown.text, /还有 1 条记录没有移交/)
  t.equal((await db('handover_rows').where({ module: 'customers' })).length, 3)
})

t.test('who may not give machines hands over customers alone', async (t) => {
  await machines(1)
  const own = await db('equipment').where({ owner_id: one }).pluck('id')
  await addMany(db, [{ name: '只有客户公司', owner_id: one }])
  const browser = await signedIn(app, '丁')
  t.notMatch((await browser.get(`/users/${one}/handover`)).text, /设备 \d/)
  const { location = '' } = await send(browser, { receiver_1: third })
  t.match((await browser.get(location)).text, /已完成.*1 \/ 1 个客户/)
  t.same(await db('equipment').where({ owner_id: one }).pluck('id'), own)
})

t.test('dealt out by a field of customers, machines without such a value go to the first', async (t) => {
  await db('equipment').update({ owner_id: mover })
  const [low, high] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).orderBy('id').pluck('id')
  await addMany(
    db,
    [low, high].map((level_id) => ({ name: `级别${level_id}公司`, owner_id: one, level_id })),
  )
  const [a] = await machines(1, { level_id: high })
  const [b] = await machines(1, { level_id: null })
  const form = { [`receiver_of_${low}`]: other, [`receiver_of_${high}`]: mover }
  t.equal((await send(admin, form, 'level_id')).status, 303)
  t.same(
    await db('equipment')
      .whereIn('id', [a as number, b as number])
      .orderBy('id')
      .pluck('owner_id'),
    [mover, other],
  )
})

t.test(
  'a kind without the field that is dealt by goes to the first, and what must stay holds up nothing behind it',
  async (t) => {
    await db('equipment').update({ owner_id: mover })
    const [region] = await db('dictionary_entries').where({ dictionary: 'sales-regions' }).pluck('id')
    await addMany(
      db,
      [region, null].map((region_id) => ({ name: `区域${region_id}公司`, owner_id: one, region_id })),
    )
    const locked = await machines(251, { name: '锁定' })
    const [free] = await machines(1)
    // Those without a region stand first among the receivers.
    const receivers = { receiver_of_0: other, [`receiver_of_${region}`]: mover }
    t.equal((await send(admin, receivers, 'region_id')).status, 303)
    t.same(await db('equipment').where({ id: free }).pluck('owner_id'), [other])
    t.equal(await ownedBy(one), locked.length)
  },
)
