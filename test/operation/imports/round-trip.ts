import t from 'tap'
import { contactFields } from '../../../src/customers/contacts/fields.ts'
import { customerFields } from '../../../src/customers/customers/fields.ts'
import { withTags } from '../../../src/customers/customers/tags.ts'
import { tags as tagModule } from '../../../src/customers/tags/tags.ts'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { addRecord } from '../../../src/kernel/modules/records.ts'
import { addMany } from '../../customers/customers/fixtures/customers.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { checkFile, take } from './fixtures/upload.ts'

const { db, as } = await buildTestApp(t)
const one = await as('韩梅梅')
const entry = async (dictionary: string) =>
  (await db('dictionary_entries').where({ dictionary }).orderBy('id').first('id')).id
const tags = [
  (await addRecord(db, tagModule, { name: '重点', tone: 'red' }, { id: null, name: 'test', address: null })).id,
  (await addRecord(db, tagModule, { name: '老客户', tone: null }, { id: null, name: 'test', address: null })).id,
]
await bumpRevision(db)
const long = `${'第一行很长。'.repeat(600)}\n\n=第三行\n\t"引号", 逗号；结尾 `.trim()

const whole = {
  name: '㐂𠮷(长春)科技有限公司',
  code: '000123',
  short_name: '5-4',
  kind: 'company',
  legal_representative: '𬱖某',
  phone: '0431-84978981-8012 / 400-800-1234',
  phone2: '见名片',
  mobile: '+86 138 0013 800',
  fax: '010-62781234',
  email: 'a.b+c@example.com',
  website: 'https://example.com/?a=1,2',
  registered_on: '2020-02-29',
  next_contact_on: '2026-12-01',
  address: '-1 号, "东"门；@街 2',
  postcode: '010020',
  level_id: await entry('customer-levels'),
  source_id: await entry('customer-sources'),
  type_id: await entry('customer-types'),
  status_id: await entry('customer-states'),
  industry_id: await entry('industries'),
  ownership_id: await entry('ownerships'),
  importance_id: await entry('importances'),
  credit_rating_id: await entry('credit-ratings'),
  region_id: await entry('sales-regions'),
  province_code: '220000',
  city_code: '220100',
  district_code: '220104',
  tag_ids: tags.join(','),
  bank: '@银行',
  bank_account: '6222021234567890123',
  credit_code: '914403001922038216',
  credit_limit_cents: 123_456_789,
  points: -7,
  notes: long,
  sex: 'female',
  birthday_on: '1990-02-28',
  occupation: '1E5',
  identity_number: '110101199003071233',
}
await addMany(db, [
  whole,
  { name: '=1+1 公司', code: '1E10', kind: 'person', address: '+86', bank_account: '00123', notes: "'=引号" },
  { name: '@空公司', code: '-5', credit_limit_cents: 0, notes: '-' },
  {
    name: '留错公司',
    code: 'K-1',
    mobile: '13800138000',
    credit_code: '91310106MA0HBC6547',
    identity_number: '110101199003071234',
    province_code: '310000',
    city_code: '310100',
    district_code: '310115',
  },
])
const ids = await db('customers').orderBy('id').pluck('id')
const person = {
  name: '=欧阳𬱖',
  nickname: '@小欧',
  code: '00012345678901234567',
  sex: 'male',
  birthday_on: '1988-08-08',
  department: '+销售部',
  position: '3-4',
  office_phone: '0431-84978981-12',
  home_phone: '见门牌',
  mobile: '13800138000',
  email: 'x@example.com',
  wechat: '0123456',
  qq: '123456789012',
  msn: 'm@example.com',
  address: '=A1',
  postcode: '010020',
  notes: long,
}
const typed = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
for (const values of [person, { name: '张三', code: 'P-2' }])
  t.equal((await one.post(`/customers/${ids[0]}/contacts`, typed(values))).status, 303)
t.equal((await one.post(`/customers/${ids[1]}/contacts`, { name: '张三', code: 'P-3' })).status, 303)

const customersNow = async () => withTags(db, await db('customers').orderBy('id'))
const contactsNow = () => db('contacts').orderBy('id')
const events = async () => (await db('events').whereIn('action', ['create', 'update'])).length

t.test('a file says what the list says', async (t) => {
  const cell = async (path: string) => (await one.get(path)).body
  t.match(await cell('/customers.csv?q=K-1'), /上海 浦东,.*13800138000/, 'the mobile where there is no telephone')
  t.match(await cell('/customers.csv?q=K-1&columns=credit_code,name'), /代码有误仍保存.*\s+91310106MA0HBC6547,是,/)
  t.match(await cell('/customers.csv?q=000123&columns=credit_code,name'), /914403001922038216"?,,/)
})

/** What was stored before there was a rule for it. */
const mistakes = { points: -7, bank_account: 'A12', email: 'a@x..cn', website: 'x', postcode: '13000' }
const allEmpty = (values: object) => Object.fromEntries(Object.keys(values).map((name) => [name, null]))

const exported = (browser: Browser, path: string, names: string[]) =>
  browser.get(`${path}&columns=${names.join(',')}&sort=code`)

for (const ending of ['xlsx', 'csv']) {
  t.test(`customers as ${ending}, with every field filled: overwritten by themselves nothing changes`, async (t) => {
    const before = await customersNow()
    for (const name of customerFields.map(({ name }) => name)) t.ok(before[0]?.[name as 'name'] !== null, name)
    const count = await events()
    const names = customerFields.map(({ name }) => name)
    const checked = await checkFile(one, (await exported(one, `/customers.${ending}?`, names)).raw)
    t.match(checked.text, /4 行正确，0 行有误.*4 行在系统中已有/)
    t.notMatch(checked.text, '未导入的列')
    t.match(
      (await take(one, checked.location, { existing: 'overwrite' })).text,
      '新增 0 条，更新 0 条，跳过已有的 4 条',
    )
    t.strictSame(await customersNow(), before)
    t.equal(await events(), count)
  })

  t.test(`customers as ${ending}: what was lost comes back as it was`, async (t) => {
    // What is wrong by now may stay where it is, but does not come anew.
    await db('customers').where({ code: whole.code }).update({ points: 7 })
    const before = await customersNow()
    const names = customerFields.map(({ name }) => name)
    const file = (await exported(one, `/customers.${ending}?`, names)).raw
    const emptied = customerFields.filter(
      ({ isRequired, isLinked, name }) => !isRequired && !isLinked && name !== 'code',
    )
    await db('customers').update(Object.fromEntries(emptied.map(({ name }) => [name, null])))
    await db('customer_tags').delete()
    await take(one, (await checkFile(one, file)).location, { existing: 'fill' })
    const bare = ({ version: _v, updated_at: _u, ...rest }: Record<string, unknown>) => rest
    t.strictSame((await customersNow()).map(bare), before.map(bare))
    await db('customers').where({ code: whole.code }).update({ points: whole.points })
  })

  t.test(
    `customers as ${ending}, with the columns of the list: overwritten by themselves nothing changes`,
    async (t) => {
      await db('customers')
        .where({ code: 'K-1' })
        .update({ ...mistakes, phone2: '0431-84978981 / 13900139000' })
      const before = await db('customers').orderBy('id')
      const names = customerFields.map(({ name }) => name)
      for (const file of [await one.get(`/customers.${ending}`), await exported(one, `/customers.${ending}?`, names)]) {
        const { location, text } = await checkFile(one, file.raw)
        t.match(text, /行正确，0 行有误/)
        t.match((await take(one, location, { existing: 'overwrite' })).text, '新增 0 条，更新 0 条')
        t.strictSame(await db('customers').orderBy('id'), before)
      }
      await db('customers')
        .where({ code: 'K-1' })
        .update({ ...allEmpty(mistakes), phone2: null })
    },
  )

  t.test(`contacts as ${ending}, with every field filled: overwritten by themselves nothing changes`, async (t) => {
    const before = await contactsNow()
    const names = [...contactFields.map(({ name }) => name), 'customer_id']
    const file = (await exported(one, `/contacts.${ending}?`, names)).raw
    const checked = await checkFile(one, file, { kind: 'contacts' })
    t.match(checked.text, /3 行正确，0 行有误.*3 行在系统中已有/)
    t.notMatch(checked.text, '未导入的列')
    t.match(
      (await take(one, checked.location, { existing: 'overwrite' })).text,
      '新增 0 条，更新 0 条，跳过已有的 3 条',
    )
    t.strictSame(await contactsNow(), before)
  })

  t.test(`contacts as ${ending}: those that were lost come back as they were`, async (t) => {
    const before = await contactsNow()
    const names = [...contactFields.map(({ name }) => name), 'customer_id']
    const file = (await exported(one, `/contacts.${ending}?`, names)).raw
    await db('contacts').delete()
    await take(one, (await checkFile(one, file, { kind: 'contacts' })).location)
    const bare = ({ id: _i, version: _v, created_at: _c, updated_at: _u, ...rest }: Record<string, unknown>) => rest
    const byCode = (rows: Record<string, unknown>[]) =>
      rows.map(bare).sort((a, b) => String(a.code).localeCompare(String(b.code)))
    t.strictSame(byCode(await contactsNow()), byCode(before))
  })
}
