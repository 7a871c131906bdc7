import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { check, formOf, take, wrongRows } from './fixtures/upload.ts'

const headings = ['客户名称', '客户编码', '税号', '电话', '地址', '联系人', '联系人手机']
const stored = [
  ['长春宏源电子有限公司', 'A-1', '914403001922038216', '0431-84978981', '', '张三', ''],
  ['吉林顺达商贸有限公司', 'A-2', '', '0431-85551234', '旧址', '', ''],
]
/** Found by code, tax number, name and telephone in turn; and one that is new. */
const coming = [
  ['宏源', 'A-1', '', '', '新址一', '张三', '13800138000'],
  ['宏源电子', '', '914403001922038216', '', '新址二', '', ''],
  ['吉林顺达 商贸有限公司', '', '', '', '新址三', '李四', ''],
  ['顺达', '', '', '0431-8555 1234', '新址四', '', ''],
  ['新来的公司', '', '', '', '', '', ''],
]

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  await take(one, (await check(one, headings, stored)).location)
  const addresses = () => db('customers').orderBy('id').pluck('address')
  return { db, as, one, addresses }
}

t.test('the check says how many are there already, and by what', async (t) => {
  const { one } = await world(t)
  const checked = await check(one, headings, coming)
  t.match(checked.text, /3 行在系统中已有 按编码 1 行、税号 1 行、名称 1 行找到/)
  t.match(checked.text, /第 3 行「宏源电子」，系统中是 长春宏源电子有限公司/)
  t.match(checked.text, /1 行只有电话与已有客户相同 .*第 5 行「顺达」，电话同 吉林顺达商贸有限公司/)
  t.match(checked.text, /5 行正确，0 行有误/)
  t.match(checked.text, '1 行是新客户，3 行在系统中已有，1 行只有电话与已有客户相同。')
})

t.test('skipped', async (t) => {
  const { one, db, addresses } = await world(t)
  const done = await take(one, (await check(one, headings, coming)).location, { phone: 'skip' })
  t.match(done.text, '新增 1 条，更新 0 条，跳过已有的 4 条')
  t.strictSame(await addresses(), [null, '旧址', null])
  t.equal((await db('contacts')).length, 1)
})

t.test('filled up', async (t) => {
  const { one, db, addresses } = await world(t)
  const done = await take(one, (await check(one, headings, coming)).location, { existing: 'fill', phone: 'fill' })
  t.match(done.text, '新增 1 条，更新 2 条，跳过已有的 2 条')
  t.strictSame(await addresses(), ['新址一', '旧址', null])
  t.match(await db('contacts').orderBy('id'), [
    { name: '张三', mobile: '13800138000' },
    { name: '李四', is_main: true },
  ])
  t.equal((await db('events').where({ action: 'update', record_type: 'customers' })).length, 1, 'with its history')
})

t.test('overwritten: by what stands in the file, and with nothing else', async (t) => {
  const { one, db, addresses } = await world(t)
  const done = await take(one, (await check(one, headings, coming)).location, {
    existing: 'overwrite',
    phone: 'overwrite',
  })
  t.match(done.text, '新增 1 条，更新 4 条')
  t.strictSame(await addresses(), ['新址二', '新址四', null])
  t.match(await db('customers').orderBy('id').first(), {
    name: '宏源电子',
    code: 'A-1',
    phone: '0431-84978981',
    version: 3,
  })
})

t.test('added all the same, but for a code that is taken', async (t) => {
  const { one, db } = await world(t)
  const done = await take(one, (await check(one, headings, coming)).location, { existing: 'add' })
  t.match(done.text, '新增 4 条，更新 0 条，跳过已有的 0 条，1 行有误')
  t.match(wrongRows(done), [['2', '宏源', /此编码已被使用/]])
  t.equal((await db('customers')).length, 6)
})

t.test('a row of which only the telephone is known is taken as a new customer unless one says otherwise', async (t) => {
  const { one, db, addresses } = await world(t)
  const phone = '0431-8555 1234'
  const shared = [
    ['甲代账客户', '', '', phone, '甲址', '张会计', ''],
    ['乙代账客户', '', '', phone, '', '', ''],
    ['甲代账客户', '', '', phone, '', '李会计', ''],
    ['吉林顺达商贸有限公司', '', '', phone, '新址', '', ''],
  ]
  const checked = await check(one, headings, shared)
  t.match(checked.text, '0 行是新客户，1 行在系统中已有，3 行只有电话与已有客户相同。')
  const done = await take(one, checked.location, { existing: 'overwrite' })
  t.match(done.text, '新增 2 条，更新 2 条，跳过已有的 0 条，0 行有误')
  t.strictSame(await addresses(), [null, '新址', '甲址', null])
  const made = await db('customers').where({ name: '甲代账客户' }).first('id')
  t.strictSame(await db('contacts').where({ customer_id: made.id }).orderBy('id').pluck('name'), ['张会计', '李会计'])
  const others = [
    ['丙代账客户', '', '', '0431-84978981', '丙址', '', ''],
    ['吉林顺达商贸有限公司', '', '', '', '另址', '', ''],
  ]
  const added = await take(one, (await check(one, headings, others)).location, { existing: 'add', phone: 'skip' })
  t.match(added.text, '新增 1 条，更新 0 条，跳过已有的 1 条')
  t.strictSame(await addresses(), [null, '新址', '甲址', null, '另址'])
})

t.test(
  'a code of a contact is no reason against a row that is about its customer, but against a new one',
  async (t) => {
    const { one, db } = await world(t)
    const { code } = await db('contacts').first('code')
    const rows = [['丁公司', '0431-84978981', '张三', code]]
    const bring = async (phone: string) => {
      const checked = await check(one, ['客户名称', '电话', '联系人', '联系人编码'], rows)
      t.match(checked.text, '1 行正确，0 行有误')
      return take(one, checked.location, { phone })
    }
    t.match((await bring('fill')).text, '新增 0 条，更新 0 条，跳过已有的 1 条，0 行有误')
    t.match(wrongRows(await bring('add')), [['2', '丁公司', /此编码已被使用/]])
  },
)

t.test('each of many rows of which only the telephone is known can be looked at', async (t) => {
  const { one } = await world(t)
  const many = Array.from({ length: 60 }, (_, at) => [`代账${at}号`, '', '', '0431-85551234', '', '', ''])
  const { page } = await check(one, headings, many)
  const examples = page.querySelectorAll('.question li').map(({ text }) => text)
  t.equal(examples.length, 50)
  t.equal(examples[49], '第 51 行「代账49号」，电话同 吉林顺达商贸有限公司')
  t.equal(page.querySelector('.question summary')?.text, '再看 45 行（另有 10 行未列出）')
  t.strictSame(
    page.querySelectorAll('.question input').map((input) => [input.getAttribute('name'), input.getAttribute('value')]),
    ['add', 'skip', 'fill', 'overwrite'].map((choice) => ['phone', choice]),
  )
})

t.test('the same company twice in one file is taken once, with the people of all its rows', async (t) => {
  const { one, db } = await world(t)
  const rows = [
    ['同名公司', '', '', '', '', '甲', ''],
    ['同名 公司', '', '', '', '', '乙', ''],
    ['同名公司', '', '', '', '', '甲', ''],
  ]
  const idOf = async (name: string) => (await db('customers').where({ name }).first('id')).id
  const done = await take(one, (await check(one, headings, rows)).location)
  t.match(done.text, '新增 1 条，更新 1 条，跳过已有的 1 条')
  const people = await db('contacts')
    .where({ customer_id: await idOf('同名公司') })
    .orderBy('id')
  t.strictSame(
    people.map(({ name, is_main }) => [name, is_main]),
    [
      ['甲', true],
      ['乙', false],
    ],
  )
  const others = rows.map((row) => row.with(0, '双名公司'))
  await take(one, (await check(one, headings, others)).location, { existing: 'fill' })
  t.strictSame(
    await db('contacts')
      .where({ customer_id: await idOf('双名公司') })
      .orderBy('id')
      .pluck('name'),
    ['甲', '乙'],
  )
})

t.test('a number of many companies proves nothing where tax numbers differ, nor within one file', async (t) => {
  const { one, addresses } = await world(t)
  const checked = await check(one, headings, [
    ['别的公司', '', '91440400192548256N', '0431-84978981', '新址', '', ''],
    ['一分店', '', '', '0431-81112222', '', '', ''],
    ['二分店', '', '', '0431-81112222', '', '', ''],
  ])
  t.notMatch(checked.text, '只有电话与已有客户相同')
  const done = await take(one, checked.location, { existing: 'overwrite', phone: 'overwrite' })
  t.match(done.text, '新增 3 条，更新 0 条')
  t.strictSame(await addresses(), [null, '旧址', '新址', null, null])
})

t.test('nobody changes customers without the right to', async (t) => {
  const { as, db, one, addresses } = await world(t)
  const role = await db('roles').where({ code: 'user' }).first('id')
  for (const permission of ['customers.import', 'customers.create'])
    await db('role_permissions').insert({ role_id: role.id, permission })
  await db('role_permissions').where({ role_id: role.id, permission: 'customers.update' }).delete()
  await db('revisions').increment('number', 1)
  const plain = await as('李雷')
  const checked = await check(plain, headings, coming)
  t.notMatch(checked.text, '覆盖')
  const form = formOf(checked, 'form[action$=execution]')
  for (const question of ['existing', 'phone'])
    t.equal((await plain.post(`${checked.location}/execution`, { ...form, [question]: 'overwrite' })).status, 403)
  t.strictSame(await addresses(), [null, '旧址'])
  t.equal((await one.get(checked.location)).status, 200)
})

t.test('a code is one whatever its case and width: in the system, and in the file', async (t) => {
  const { one, db, addresses } = await world(t)
  const spelled = [
    ['宏源', 'a-1', '', '', '新址一', '', ''],
    ['顺达', 'Ａ－2', '', '', '新址二', '', ''],
    ['新来的公司', 'B1', '', '', '', '', ''],
    ['另一家公司', 'ｂ１', '', '', '', '', ''],
  ]
  const checked = await check(one, headings, spelled)
  t.match(checked.text, /按编码 2 行/)
  t.match(wrongRows(checked), [['5', '另一家公司', /第 4 行/]], 'twice in one file')
  await take(one, checked.location, { existing: 'overwrite' })
  t.strictSame(await addresses(), ['新址一', '新址二', null])
  t.strictSame(await db('customers').orderBy('id').pluck('code'), ['A-1', 'A-2', 'B1'], 'what was typed first stays')
  await db('customers').where({ code: 'B1' }).update({ deleted_at: new Date().toISOString() })
  const binned = await check(one, headings, [['新来的公司', 'b1', '', '', '', '', '']])
  t.match(wrongRows(binned), [['2', '新来的公司', /此编码已被使用/]], 'the recycle bin has it')
})

t.test('two customers with one telephone are not taken for the one meant', async (t) => {
  const { one, db } = await world(t)
  const phone = '0431-87654321'
  const shared = ['甲', '乙'].map((name) => [`${name}代账公司`, '', '', phone, '', '', ''])
  await take(one, (await check(one, headings, shared)).location)
  const checked = await check(one, headings, [['丙代账公司', '', '', phone, '丙址', '', '']])
  t.match(checked.text, '正确的行都是新客户。')
  await take(one, checked.location, { existing: 'overwrite', phone: 'overwrite' })
  t.strictSame(await db('customers').where({ phone }).orderBy('id').pluck('address'), [null, null, '丙址'])
})

t.test('a filled-up region keeps its three levels together', async (t) => {
  const { one, db } = await world(t)
  const places = ['客户名称', '省份', '城市', '区县']
  const stored = [
    ['只有省公司', '吉林省', '', ''],
    ['没有地区公司', '', '', ''],
    ['省市公司', '吉林省', '长春市', ''],
  ]
  await take(one, (await check(one, places, stored)).location)
  const placed = async () =>
    (await db('customers').where('name', 'like', '%省%').orWhere('name', 'like', '%地区%').orderBy('id')).map(
      ({ province_code, city_code, district_code }) => [province_code, city_code, district_code],
    )
  const coming = stored.map(([name]) => [name, '', '杭州市', '西湖区'])
  await take(one, (await check(one, places, coming)).location, { existing: 'fill' })
  t.strictSame(await placed(), [
    ['220000', null, null],
    ['330000', '330100', '330106'],
    ['220000', '220100', null],
  ])
  const other = stored.map(([name]) => [name, '上海市', '', ''])
  await take(one, (await check(one, places, other)).location, { existing: 'overwrite' })
  t.strictSame(await placed(), [
    ['310000', null, null],
    ['310000', null, null],
    ['310000', null, null],
  ])
})
