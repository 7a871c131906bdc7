import t from 'tap'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { check, finished, formOf, take } from './fixtures/upload.ts'

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const labels = (dictionary = 'customer-levels') =>
    db('dictionary_entries').where({ dictionary }).orderBy('position').pluck('label')
  const undo = async (location: string) => {
    await one.post(`${location}/undo`)
    await app.runJobs()
    return finished(one, location)
  }
  const proposals = async (location: string) => {
    const { page } = await one.get(location)
    return page.querySelectorAll('select[name^=value_] option[selected]').map((option) => option.text.trim())
  }
  return { app, db, one, labels, undo, proposals }
}

t.test('a name that is nearly that of one option is proposed to be it', async (t) => {
  const { one, db, labels, proposals } = await world(t)
  const before = await labels()
  const rows = ['普通', 'VIP', 'ＶＩＰ 客户', '非普通客户', '客户'].map((level, index) => [
    `公司${index}`,
    level,
    '李雷 (销售)',
  ])
  const checked = await check(one, ['客户名称', '客户级别', '所属人员'], rows)
  t.strictSame((await proposals(checked.location)).sort(), ['VIP客户', '普通客户', '李雷', '新建', '新建'].sort())
  t.match(checked.text, '名称相近，请核对')
  await take(one, checked.location)
  const level = (label: string) => db('dictionary_entries').where({ label }).first('id')
  const levels = await db('customers').orderBy('id').pluck('level_id')
  t.strictSame(levels.slice(0, 3), [
    (await level('普通客户')).id,
    (await level('VIP客户')).id,
    (await level('VIP客户')).id,
  ])
  t.strictSame((await labels()).slice(before.length), ['非普通客户', '客户'])
})

t.test('nothing is proposed where two are as near', async (t) => {
  const { one, proposals } = await world(t)
  const checked = await check(one, ['客户名称', '区域'], [['甲公司', '华']])
  t.strictSame(await proposals(checked.location), ['新建'])
})

t.test('an option that no right row needs is neither asked for nor made', async (t) => {
  const { one, labels } = await world(t)
  const before = await labels()
  const rows = [
    ['甲公司', '金牌', 'nobody'],
    ['', '银牌', ''],
    ['乙公司', '', 'a@b.example'],
    ['合计', '铜牌', ''],
  ]
  const checked = await check(one, ['客户名称', '客户级别', '邮箱'], rows)
  t.notMatch(checked.text, '系统中没有的选项')
  t.notMatch(checked.text, text.imports.ignoredHeadings, 'every column has its meaning')
  await take(one, checked.location)
  t.strictSame(await labels(), before)
})

t.test('one whose rows are all skipped is not left behind', async (t) => {
  const { one, db, labels } = await world(t)
  const before = await labels()
  await take(one, (await check(one, ['客户名称'], [['甲公司']])).location)
  const checked = await check(one, ['客户名称', '客户级别'], [['甲公司', '金牌']])
  await take(one, checked.location, { existing: 'skip' })
  t.strictSame(await labels(), before)
  const near = await check(one, ['客户名称', '客户级别'], [['甲公司', 'VIP']])
  t.match(near.text, '名称相近，请核对')
  await take(one, near.location, { existing: 'skip' })
  t.strictSame(await labels(), before, 'one that was there is not taken away')
  t.equal((await db('customers').first()).level_id, null)
})

t.test('an undo takes the options that were made and that nobody has or changed', async (t) => {
  const { one, db, labels, undo } = await world(t)
  const before = await labels()
  const rows = ['金牌', '银牌', '铜牌', '普通客户'].map((level) => [`${level}公司`, level])
  const { location } = await check(one, ['客户名称', '客户级别'], rows)
  await take(one, location)
  t.strictSame((await labels()).slice(before.length).sort(), ['金牌', '银牌', '铜牌'].sort())
  const silver = await db('dictionary_entries').where({ label: '银牌' }).first()
  await db('dictionary_entries').where({ label: '铜牌' }).update({ version: 2 })
  await one.post('/customers', {
    name: '手工',
    kind: 'company',
    owner_id: '3',
    registered_on: '2026-01-01',
    level_id: String(silver.id),
  })
  t.match((await one.get(`${location}/undo`)).text, '没有别的记录使用、也没有人改动过的，一并删除')
  await undo(location)
  t.strictSame((await labels()).slice(before.length).sort(), ['银牌', '铜牌'].sort())
})

const headings = ['客户名称', '客户编码', '联系人']
const twoCodes = [
  ['甲公司', 'A-1', '张三'],
  ['甲 公司', 'A-2', '李四'],
  ['乙公司', 'B-1', ''],
  ['甲公司', 'A-1', '王五'],
]

t.test('one name with two codes is asked: they are two customers', async (t) => {
  const { one, db } = await world(t)
  const checked = await check(one, headings, twoCodes)
  t.match(checked.text, /1 行与前面的行同名，但客户编码不同.*第 3 行「甲 公司」，编码 A-2，同名的是 第 2 行/)
  t.equal(formOf(await one.get(checked.location), 'form[action$=execution]').codes, 'add')
  await take(one, checked.location)
  t.strictSame(await db('customers').orderBy('code').pluck('code'), ['A-1', 'A-2', 'B-1'])
  const at = (code: string) => db('customers').where({ code }).select('id')
  t.strictSame(await db('contacts').whereIn('customer_id', at('A-1')).orderBy('id').pluck('name'), ['张三', '王五'])
  t.strictSame(await db('contacts').whereIn('customer_id', at('A-2')).pluck('name'), ['李四'])
})

t.test('or one, which has the people of both', async (t) => {
  const { one, db } = await world(t)
  const checked = await check(one, headings, twoCodes)
  await take(one, checked.location, { codes: 'skip' })
  t.strictSame(await db('customers').orderBy('code').pluck('code'), ['A-1', 'B-1'])
  t.strictSame(await db('contacts').orderBy('id').pluck('name'), ['张三', '李四', '王五'])
})
