import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { check, take, wrongRows } from './fixtures/upload.ts'

const headings = ['公司名称', '姓名', '手机', '职务', '主联系人', '部门', '客户编码']

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const customers = [
    ['长春宏源电子有限公司', 'A-1'],
    ['吉林顺达商贸有限公司', 'A-2'],
    ['同名公司', 'B-1'],
    ['同名公司', 'B-2'],
  ]
  const { location } = await check(one, ['客户名称', '客户编码'], customers)
  await take(one, location, { existing: 'add' })
  return { db, one }
}

const rows = [
  ['长春宏源 电子有限公司', '张三', '13800138000', '经理', '', '销售部', ''],
  ['长春宏源电子有限公司', '李四', '见微信', '会计', '是', '', ''],
  ['', '王五', '', '', '', '', 'a-2'],
  ['同名公司', '赵六', '', '', '', '', 'B-2'],
  ['没有的公司', '钱七', '', '', '', '', ''],
  ['同名公司', '孙八', '', '', '', '', ''],
  ['吉林顺达商贸有限公司', '', '13900139000', '', '', '', ''],
]

t.test('several people of each company', async (t) => {
  const { db, one } = await world(t)
  const checked = await check(one, headings, rows, 'contacts')
  t.match(checked.text, '4 行正确，3 行有误')
  const reasons = wrongRows(checked).map(([number, , reason]) => `${number} ${reason}`)
  t.match(reasons, [/^6 .*系统中没有此客户/, /^7 .*有多个客户叫这个名字/, /^8 .*请填写联系人姓名/])
  const done = await take(one, checked.location)
  t.match(done.text, '新增 4 条')
  const found = await db('contacts')
    .join('customers', 'customers.id', 'contacts.customer_id')
    .orderBy('contacts.id')
    .select('contacts.name', 'contacts.is_main', 'customers.code')
  t.strictSame(
    found.map(({ name, is_main, code }) => [name, is_main, code]),
    [
      ['张三', false, 'A-1'],
      ['李四', true, 'A-1'],
      ['王五', true, 'A-2'],
      ['赵六', true, 'B-2'],
    ],
  )
  t.match((await one.get('/customers?q=13800138000')).text, '长春宏源电子有限公司', 'found by the number of a person')
})

t.test('brought again: nobody twice, and what is new fills up', async (t) => {
  const { db, one } = await world(t)
  await take(one, (await check(one, headings, rows, 'contacts')).location)
  const again = await check(one, headings, rows, 'contacts')
  t.match(again.text, '4 行在系统中已有')
  t.match((await take(one, again.location)).text, '新增 0 条，更新 0 条，跳过已有的 4 条')
  const more = [['长春宏源电子有限公司', '张三', '13911112222', '', '', '技术部', '']]
  await take(one, (await check(one, headings, more, 'contacts')).location, { existing: 'overwrite' })
  t.match(await db('contacts').where({ name: '张三' }).first(), { mobile: '13911112222', position: '经理', version: 2 })
  t.equal((await db('contacts')).length, 4)
})

t.test('the template of contacts fits', async (t) => {
  const { one } = await world(t)
  const template = await one.get('/imports/contact-template.xlsx')
  t.equal(template.raw.toString('latin1', 0, 2), 'PK')
})
