import type { Knex } from 'knex'
import t from 'tap'
import { addContact, saveContact } from '../../../src/customers/contacts/contact.ts'
import { contacts } from '../../../src/customers/contacts/contacts.ts'
import { contactFields } from '../../../src/customers/contacts/fields.ts'
import { findCustomer, saveCustomer } from '../../../src/customers/customers/customer.ts'
import { customers } from '../../../src/customers/customers/customers.ts'
import { findDuplicates, findDuplicatesOf } from '../../../src/customers/duplicates/find.ts'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { purgeRecords, restoreBinned } from '../../../src/kernel/modules/bin.ts'
import { removeRecord } from '../../../src/kernel/modules/records.ts'
import { referenceAt } from '../../../src/kernel/reference.ts'
import { everybody } from '../../../src/kernel/web/viewers.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { actor, addMany, maker } from '../customers/fixtures/customers.ts'

const huawei = '914403001922038216'
const noContact = Object.fromEntries(contactFields.map(({ name }) => [name, null]))

async function evidence(db: Knex, candidate: Record<string, unknown>) {
  const matches = await findDuplicates(db, candidate)
  return matches.map(({ id, evidence }) => `${id} ${evidence}`)
}

const one = async (db: Knex, values: Record<string, unknown>) => (await addMany(db, [values]))[0] as number

t.test('the strongest evidence comes first, suggestions last', async (t) => {
  const { db } = await buildTestApp(t)
  const ids = await addMany(db, [
    { name: '吉林省明日科技股份公司', city_code: '220100' },
    { name: '长春明日科技公司' },
    { name: '丙公司', email: 'a@mingrisoft.com' },
    { name: '乙公司', phone: '0431-84978981' },
    { name: '长春明日科技有限公司' },
    { name: '甲公司', credit_code: huawei },
    { name: '不相干公司', city_code: '220200' },
  ])
  const candidate = {
    name: '长春明日科技有限公司',
    phone: '0431 8497 8981',
    email: 'b@MingRiSoft.com',
    credit_code: huawei,
    city_code: '220100',
  }
  const [weak, safe, domain, phone, exact, credit] = ids
  const found = await findDuplicates(db, candidate)
  t.strictSame(
    found.map(({ id, evidence, isStrong }) => [id, evidence, isStrong]),
    [
      [credit, 'credit', true],
      [exact, 'exact', true],
      [phone, 'phone', true],
      [domain, 'domain', true],
      [safe, 'safe', true],
      [weak, 'weak', false],
    ],
  )
  t.match(found[0], { name: '甲公司', owner: '韩梅梅', state: 'living' })
  t.strictSame(await evidence(db, { ...candidate, credit_code: null, email: null, phone: null, city_code: '220200' }), [
    `${exact} exact`,
    `${safe} safe`,
  ])
  t.strictSame(await evidence(db, { name: '另一家企业' }), [])
  t.strictSame(await evidence(db, {}), [])
})

t.test('the same company, written in ten ways', async (t) => {
  const { db } = await buildTestApp(t)
  const id = await one(db, {
    name: '腾讯科技(深圳)有限公司',
    phone: '0431-84978981',
    mobile: '13800138000',
    credit_code: huawei,
    email: 'info@tencent.example',
  })
  const ways = [
    [{ name: '腾讯科技（深圳）有限公司' }, 'exact'],
    [{ name: ' 腾讯科技 【深圳】 有限公司' }, 'exact'],
    [{ name: '腾讯科技〔深圳〕有限公司．' }, 'exact'],
    [{ name: '腾讯科技(深圳)股份有限公司' }, 'safe'],
    [{ name: '腾讯科技深圳集团' }, 'safe'],
    [{ name: '甲', phone: '（0431）8497 8981' }, 'phone'],
    [{ name: '甲', fax: '84978981' }, 'phone'],
    [{ name: '甲', phone2: '+86 431 84978981转8012' }, 'phone'],
    [{ name: '甲', mobile: '１３８００１３８０００' }, 'phone'],
    [{ name: '甲', credit_code: '９１４４０３００-1922 038216' }, 'credit'],
    [{ name: '甲', email: 'ＷＡＮＧ@Tencent.example' }, 'domain'],
  ] as const
  for (const [candidate, kind] of ways)
    t.strictSame(await evidence(db, candidate), [`${id} ${kind}`], JSON.stringify(candidate))
})

t.test('a name without its city, or with more of it', async (t) => {
  const { db } = await buildTestApp(t)
  const [chosen, named] = (await addMany(db, [
    { name: '长春凯德亚进出口有限公司', city_code: '220100' },
    { name: '长春晴川贸易有限公司' },
    { name: '大连凯德亚进出口有限公司' },
  ])) as [number, number, number]
  t.strictSame(await evidence(db, { name: '长春市凯德亚进出口有限公司' }), [`${chosen} weak`])
  t.strictSame(await evidence(db, { name: '吉林省长春市凯德亚进出口' }), [`${chosen} weak`])
  t.strictSame(await evidence(db, { name: '凯德亚进出口有限公司', city_code: '220100' }), [`${chosen} weak`])
  t.strictSame(await evidence(db, { name: '凯德亚进出口有限公司', city_code: '220200' }), [])
  t.strictSame(await evidence(db, { name: '沈阳凯德亚进出口有限公司' }), [])
  t.strictSame(await evidence(db, { name: '长春市晴川贸易公司' }), [`${named} weak`], 'where the city was never chosen')
  t.strictSame(await evidence(db, { name: '凯德亚进出口有限公司' }), [`${named + 1} anywhere`, `${chosen} anywhere`])
  t.strictSame(await evidence(db, { name: '凯德亚' }), [], 'three characters tell too little')
  t.strictSame(
    (await findDuplicates(db, { name: '凯德亚进出口有限公司' })).map(({ isStrong }) => isStrong),
    [false, false],
    'it is said, and stops nobody',
  )
})

t.test('what is no evidence', async (t) => {
  const { db } = await buildTestApp(t)
  await addMany(db, [{ name: '长春大学', email: 'a@qq.com', phone: '不详', credit_code: '无' }])
  for (const candidate of [
    { name: '长春大学吉林分公司' },
    { name: '长春大学第二分公司', email: 'b@qq.com' },
    { name: '甲', email: 'b@163.com', phone: '不详', credit_code: '无' },
    { name: '长春', credit_code: '000000000000000' },
  ])
    t.strictSame(await evidence(db, candidate), [], JSON.stringify(candidate))
})

t.test('only what a change brings is looked for', async (t) => {
  const { db } = await buildTestApp(t)
  const [first, second] = (await addMany(db, [
    { name: '甲公司', phone: '0431-84978981' },
    { name: '乙公司', phone: '0431-84978981' },
  ])) as [number, number]
  const before = await findCustomer(db, everybody, second)
  t.strictSame(await findDuplicates(db, before, before), [])
  t.strictSame(await findDuplicates(db, { ...before, name: '丙公司' }, before), [])
  const found = await findDuplicates(db, { ...before, name: '甲公司' }, before)
  t.match(found, [{ id: first, evidence: 'exact' }])
  t.equal(found.length, 1)
})

t.test('the keys follow the customer and its contacts through every change', async (t) => {
  const { db } = await buildTestApp(t)
  const id = await one(db, { name: '甲公司', mobile: '13800138000' })
  const reference = await referenceAt(db, await currentRevision(db))
  const phone = () => evidence(db, { name: '', phone: '13800138000' })
  const contactPhone = () => evidence(db, { name: '', phone: '0431-84970000' })
  const domain = () => evidence(db, { name: '', email: 'a@mingri.example' })

  const values = { name: '乙公司', mobile: null }
  await saveCustomer(db, id, { version: 1, values, actor, reference })
  t.strictSame([await phone(), await evidence(db, { name: '甲公司' })], [[], []])
  t.strictSame(await evidence(db, { name: '乙公司' }), [`${id} exact`])

  const own = { ...noContact, name: '王', office_phone: '0431-84970000', is_main: true }
  const contactId = await addContact(db, id, own, maker)
  t.strictSame(await contactPhone(), [`${id} phone`])
  const contact = await db('contacts').where({ id: contactId }).first()
  const changed = {
    ...own,
    code: contact.code,
    mobile: '13800138000',
    office_phone: null,
    email: 'wang@mingri.example',
  }
  await saveContact(db, contact, { version: contact.version, values: changed, actor, reference })
  t.strictSame([await contactPhone(), await phone(), await domain()], [[], [`${id} phone`], [`${id} domain`]])

  await removeRecord(db, customers, await findCustomer(db, everybody, id), actor)
  const [held] = await findDuplicates(db, { name: '', phone: '13800138000' })
  t.match(held, { id, state: 'deleted', isStrong: true })
  await restoreBinned(db, customers, await db('customers').where({ id }).first(), actor)
  t.strictSame(await phone(), [`${id} phone`])

  await removeRecord(db, contacts, await db('contacts').where({ id: contactId }).first(), actor)
  t.strictSame([await phone(), await domain()], [[], []])
  await purgeRecords(db, contacts, await db('contacts').where({ id: contactId }), actor)

  await removeRecord(db, customers, await findCustomer(db, everybody, id), actor)
  t.ok(await db('customer_keys').where({ customer_id: id }).first())
  await purgeRecords(db, customers, await db('customers').where({ id }), actor)
  t.notOk(await db('customer_keys').where({ customer_id: id }).first())
})

t.test('the recycle bin is searched, after the living', async (t) => {
  const { db } = await buildTestApp(t)
  const [living, deleted] = (await addMany(db, [{ name: '甲公司' }, { name: '甲公司' }])) as [number, number]
  await removeRecord(db, customers, await findCustomer(db, everybody, deleted), actor)
  t.match(await findDuplicates(db, { name: '甲公司' }), [
    { id: living, state: 'living' },
    { id: deleted, state: 'deleted' },
  ])
})

t.test('ten at most, of a number that many share', async (t) => {
  const { db } = await buildTestApp(t)
  const ids = await addMany(
    db,
    Array.from({ length: 30 }, (_, at) => ({ name: `第${at}家店`, phone: '400-800-8888' })),
  )
  const found = await evidence(db, { name: '', phone: '4008008888' })
  t.strictSame(
    found,
    ids
      .slice(-10)
      .reverse()
      .map((id) => `${id} phone`),
  )
})

t.test('many at once find what each finds alone', async (t) => {
  const { db } = await buildTestApp(t)
  await addMany(
    db,
    Array.from({ length: 60 }, (_, at) => ({
      name: `长春第${at % 20}家公司`,
      phone: at % 3 ? '400-800-8888' : `0431-8497${String(at).padStart(4, '0')}`,
      city_code: '220100',
    })),
  )
  const list = Array.from({ length: 250 }, (_, at) => ({
    name: `${at % 2 ? '长春' : '吉林'}第${at}家${at % 5 ? '有限公司' : '公司'}`,
    mobile: at % 7 ? null : '4008008888',
    phone: `84970${String(at).padStart(3, '0')}`,
    city_code: '220100',
  }))
  let queries = 0
  db.on('query', () => queries++)
  const found = await findDuplicatesOf(db, list)
  t.ok(queries <= 10, `${queries} queries`)
  t.ok(found.size > 20)
  for (const [index, candidate] of list.entries())
    t.strictSame(found.get(index) ?? [], await findDuplicates(db, candidate), candidate.name)
})

t.test('a name that sounds the same and is written otherwise is a suggestion and nothing more', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const [heard, gone] = (await addMany(db, [{ name: '长春宏达科技有限公司' }, { name: '长春洪达科技有限公司' }])) as [
    number,
    number,
  ]
  await one(db, { name: '洪达' })
  await admin.post(`/customers/${gone}/deletion`, { version: '1' })
  const found = await findDuplicates(db, { name: '长春鸿达科技有限公司' })
  t.match(found, [{ id: heard, evidence: 'sound', isStrong: false }])
  t.equal(found.length, 1)
  t.strictSame(await evidence(db, { name: '宏达' }), [], 'short names sound alike too often')
  t.strictSame(
    await evidence(db, { name: '长春宏达科技有限公司' }),
    [`${heard} exact`],
    'the same name is told as such',
  )
  t.match(
    (await admin.get(`/customers/duplicates?name=${encodeURIComponent('长春鸿达科技有限公司')}`)).text,
    /名称读音相近.*长春宏达/,
  )
  const form = { name: '长春鸿达科技有限公司', kind: 'company', owner_id: '2', registered_on: '2026-05-04' }
  t.equal((await admin.post('/customers', form)).status, 303, 'saved without a question')
})

t.test('a name whose core sounds the same is one in its city, or in any where none is said', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const form = { kind: 'company', owner_id: '2', registered_on: '2026-05-04' }
  await admin.post('/customers', { ...form, name: '长春凯德亚进出口有限公司' })
  const { id, version } = await db('customers').first()
  for (const name of ['长春市凯德雅进出口公司', '吉林省长春市凯德雅进出口有限公司', '凯德雅进出口有限公司'])
    t.match(await findDuplicates(db, { name }), [{ id, evidence: 'sound', isStrong: false }], name)
  t.match(await findDuplicates(db, { name: '凯德雅进出口', city_code: '220100' }), [{ id, evidence: 'sound' }])
  for (const candidate of [
    { name: '沈阳凯德雅进出口公司' },
    { name: '凯德雅进出口', city_code: '210100' },
    { name: '凯德亚' },
  ])
    t.strictSame(await evidence(db, candidate), [], `${candidate.name}: elsewhere, or too short`)
  t.match(
    (await findDuplicates(db, { name: '长春市凯德亚进出口公司' }))[0]?.evidence,
    /safe|weak/,
    'written alike it is more',
  )
  await admin.post(`/customers/${id}`, { ...form, name: '长春远方进出口有限公司', version })
  t.strictSame(await evidence(db, { name: '长春市凯德雅进出口公司' }), [], 'known by its name of today')
  const { up } = await import('../../../migrations/20261205103000_fill_sounding_keys.ts')
  const kept = await db('customer_keys').where({ kind: 'sound' })
  await db('customer_keys').where({ kind: 'sound' }).delete()
  await up(db)
  await up(db)
  t.strictSame(await db('customer_keys').where({ kind: 'sound' }), kept, 'those of earlier versions get it')
})
