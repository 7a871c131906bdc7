import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { customerFields } from '../../src/customers/fields.ts'
import { withTags } from '../../src/customers/tags.ts'
import { currentRevision, moveRevision } from '../../src/db/revision.ts'
import { presetTargets } from '../../src/imports/headings.ts'
import { readRow } from '../../src/imports/row.ts'
import { targetNamed } from '../../src/imports/targets.ts'
import { referenceAt } from '../../src/reference.ts'
import { presetSettings } from '../../src/settings.ts'
import { readTable } from '../../src/spreadsheets/read-table.ts'
import { addTag } from '../../src/tags/tag.ts'
import { buildTestApp } from '../fixtures/app.ts'
import { addMany } from './fixtures/customers.ts'

const { db, as } = await buildTestApp(t)
const actor = { id: null, name: 'test', address: null }
const entry = async (dictionary: string) =>
  (await db('dictionary_entries').where({ dictionary }).orderBy('id').first('id')).id
const tags = [
  await addTag(db, { name: '重点', tone: 'red' }, actor),
  await addTag(db, { name: '老客户', tone: null }, actor),
]
await moveRevision(db)
await addMany(db, [
  {
    name: '长春全项科技有限公司',
    short_name: '全项',
    legal_representative: '张三',
    phone: '0431-84978981',
    mobile: '13800138000',
    email: 'a@example.com',
    website: 'www.example.com',
    next_contact_on: '2026-12-01',
    address: '朝阳区, "人民"大街 1 号',
    postcode: '130012',
    level_id: await entry('customer-levels'),
    source_id: await entry('customer-sources'),
    industry_id: await entry('industries'),
    province_code: '220000',
    city_code: '220100',
    district_code: '220104',
    tag_ids: tags.join(','),
    bank_account: '0022001234567890123',
    credit_limit_cents: 123_456,
    points: -7,
    notes: '第一行\n=第二行',
  },
  {
    name: '=1+1 公司',
    kind: 'person',
    sex: 'female',
    birthday_on: '1990-02-28',
    phone: '010-62781234',
    address: '-1',
  },
  { name: '@空公司', credit_limit_cents: 0, notes: "'=引号" },
])
const admin = await as('韩梅梅')
const folder = await mkdtemp(join(tmpdir(), 'kehu-round-'))
t.teardown(() => rm(folder, { recursive: true }))

for (const ending of ['xlsx', 'csv'])
  t.test(`what is exported as ${ending} can be taken in again without a difference`, async (t) => {
    const names = customerFields.map(({ name }) => name)
    const file = await admin.get(`/customers.${ending}?columns=${names.join(',')}&sort=code`)
    const path = join(folder, `customers.${ending}`)
    await writeFile(path, file.raw)
    const rows: { number: number; cells: string[] }[] = []
    for await (const row of readTable(path)) rows.push(row)
    const [head, ...below] = rows
    const keys = presetTargets('customers', head?.cells ?? [], new Map())
    t.strictSame(
      keys,
      names.map((name) => `customer.${name}`),
      'every heading is known',
    )
    const context = {
      kind: 'customers' as const,
      targets: keys.map((key) => targetNamed('customers', key)),
      reference: await referenceAt(db, await currentRevision(db)),
      settings: presetSettings,
      ownerId: 1,
      mayGive: true,
    }
    const stored = await withTags(db, await db('customers').orderBy('code'))
    t.equal(below.length, stored.length)
    for (const [index, row] of below.entries()) {
      const { customer, reasons, misses } = readRow(row, context)
      t.strictSame({ reasons, misses }, { reasons: [], misses: [] })
      const wanted = stored[index] as Record<string, unknown>
      t.strictSame(customer, Object.fromEntries(names.map((name) => [name, wanted[name] ?? null])))
    }
  })
