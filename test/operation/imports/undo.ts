import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { check, checkFile, finished, take } from './fixtures/upload.ts'

const headings = ['客户名称', '地址', '联系人', '联系人手机']

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const bring = async (rows: unknown[][], existing = 'fill', heads = headings, kind?: string) => {
    const { location } = await check(one, heads, rows, kind)
    await take(one, location, { existing })
    return location
  }
  const undo = async (location: string) => {
    await one.post(`${location}/undo`)
    await app.runJobs()
    return finished(one, location)
  }
  return { app, db, one, bring, undo }
}

t.test('what was made is gone, with everything that hangs on it', async (t) => {
  const { db, one, bring, undo } = await world(t)
  await bring([['旧公司', '旧址', '老王', '']])
  const location = await bring([
    ['甲公司', '', '张三', '13800138000'],
    ['乙公司', '', '', ''],
  ])
  t.match((await one.get(`${location}/undo`)).text, '删除导入时新增的 2 个客户、1 个联系人')
  const undone = await undo(location)
  t.match(undone.text, '已撤销 2 条。')
  t.strictSame(await db('customers').pluck('name'), ['旧公司'])
  t.strictSame(await db('contacts').pluck('name'), ['老王'])
  t.strictSame(await db('customer_keys').groupBy('customer_id').pluck('customer_id'), [1])
  t.equal((await db('tallies').where({ module: 'customers', name: 'all' }).first()).row_count, 1)
  t.match((await one.get('/customers?q=甲公司')).text, '没有符合条件')
  t.equal((await one.get(`${location}/undo`)).status, 409, 'once')
  t.match(await db('events').where({ action: 'undo' }).first(), { user_name: '韩梅梅' })
})

t.test('what was changed since is kept and named', async (t) => {
  const { db, one, bring, undo } = await world(t)
  const location = await bring([
    ['甲公司', '', '张三', ''],
    ['乙公司', '', '李四', ''],
    ['丙公司', '', '', ''],
    ['丁公司', '', '赵六', ''],
  ])
  const idOf = async (name: string) => (await db('customers').where({ name }).first('id')).id
  const [first, second] = [await idOf('甲公司'), await idOf('乙公司')]
  const sent = await one.post(`/customers/${first}`, {
    ...(await formValues(one, `/customers/${first}/edit`)),
    address: '手工改的地址',
  })
  t.equal(sent.status, 303)
  t.equal((await one.post(`/customers/${second}/contacts`, { name: '后来加的人' })).status, 303)
  await db('contacts').where({ name: '赵六' }).increment('version', 1).update({ position: '手工' })
  const undone = await undo(location)
  t.match(undone.text, /已撤销 1 条，4 条此后有改动，未撤销/)
  t.match(undone.text, /甲公司.*乙公司.*丁公司.*赵六/)
  t.notMatch(undone.text, /张三|李四/, 'those who stay with their customers are not counted besides them')
  t.strictSame(await db('customers').orderBy('id').pluck('name'), ['甲公司', '乙公司', '丁公司'])
  t.strictSame(await db('contacts').orderBy('id').pluck('name'), ['张三', '李四', '赵六', '后来加的人'])
})

async function formValues(
  one: { get(url: string): Promise<{ page: import('node-html-parser').HTMLElement }> },
  url: string,
) {
  const values: Record<string, string> = {}
  for (const field of (await one.get(url)).page.querySelectorAll(
    'main form:not(.undo)[method=post] :is(input, select, textarea)[name]',
  )) {
    const option = field.querySelector('option[selected]')
    values[field.getAttribute('name') as string] =
      field.tagName === 'SELECT' ? (option?.getAttribute('value') ?? '') : (field.getAttribute('value') ?? '')
  }
  return values
}

t.test('what was filled up or overwritten is as it was', async (t) => {
  const { db, bring, undo } = await world(t)
  await bring([['旧公司', '旧址', '老王', '']])
  const before = await db('customers').orderBy('id').first()
  const rows = [
    ['旧公司', '新址一', '老王', '13800138000'],
    ['旧 公司', '新址二', '', ''],
  ]
  const location = await bring(rows, 'overwrite')
  t.match(await db('customers').orderBy('id').first(), { address: '新址二', name: '旧 公司', version: 3 })
  t.match((await undo(location)).text, '已撤销 2 条')
  const { version: _v, updated_at: _u, ...same } = before
  t.match(await db('customers').orderBy('id').first(), { ...same, version: 4 })
  t.match(await db('contacts').orderBy('id').first(), { name: '老王', mobile: null })
})

t.test('the file is kept for its wrong rows, and goes with an undo or where it cannot be read', async (t) => {
  const { app, one, bring, undo } = await world(t)
  const kept = () => readdirSync(join(app.config.dataDir, 'imports')).length
  const location = await bring([
    ['甲公司', '', '', ''],
    ['', '没有名称', '', ''],
  ])
  t.equal(kept(), 1)
  await undo(location)
  t.equal(kept(), 0)
  const damaged = `客户名称,地址\n${'甲公司,旧址\n'.repeat(300)}${','.repeat(1001)}x\n`
  t.match((await checkFile(one, damaged, { fileName: '客户.csv' })).text, '无法读取')
  t.equal(kept(), 0)
})

t.test('people at customers that were there', async (t) => {
  const { db, bring, undo } = await world(t)
  await bring([['旧公司', '', '老王', '']])
  const location = await bring(
    [
      ['旧公司', '张三'],
      ['旧公司', '李四'],
    ],
    'skip',
    ['所属客户', '姓名'],
    'contacts',
  )
  t.equal((await db('contacts')).length, 3)
  t.match((await undo(location)).text, '已撤销 2 条')
  t.strictSame(await db('contacts').pluck('name'), ['老王'])
})

t.test('a contact that was changed since is left, whether it was added or overwritten', async (t) => {
  const { db, bring, undo } = await world(t)
  await bring([['旧公司', '', '老王', '13800138000']])
  const people = [
    ['旧公司', '张三', '销售'],
    ['旧公司', '李四', '采购'],
    ['旧公司', '老王', '经理'],
  ]
  const location = await bring(people, 'overwrite', ['所属客户', '姓名', '职务'], 'contacts')
  const positions = async () => Object.fromEntries((await db('contacts')).map(({ name, position }) => [name, position]))
  t.strictSame(await positions(), { 老王: '经理', 张三: '销售', 李四: '采购' })
  for (const name of ['张三', '老王'])
    await db('contacts').where({ name }).increment('version', 1).update({ position: '手工' })
  const undone = await undo(location)
  t.match(undone.text, /已撤销 1 条，2 条此后有改动，未撤销.*(张三.*老王|老王.*张三)/)
  t.strictSame(await positions(), { 老王: '手工', 张三: '手工' })
})
