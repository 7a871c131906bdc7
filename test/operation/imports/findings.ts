import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { cellsIn } from '../../fixtures/readable.ts'
import { check, checkFile, take, wrongRows } from './fixtures/upload.ts'

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  const file = join(await mkdtemp(join(tmpdir(), 'kehu-findings-')), 'file')
  t.teardown(() => rm(dirname(file), { recursive: true }))
  const cellsOf = async (raw: Buffer) => {
    writeFileSync(file, raw)
    return cellsIn(file)
  }
  return { app, db, one: await as('韩梅梅'), cellsOf }
}

t.test('telephones nobody can read are kept, told, and come back to be corrected', async (t) => {
  const { one, db, cellsOf } = await world(t)
  const headings = ['客户名称', '电话', '手机', '联系人', '联系人手机']
  const rows = [
    ['甲公司', '问前台', '', '', ''],
    ['戊公司', '-', '', '', ''],
    ['乙公司', '0431-84978981', '1380013800', '', ''],
    ['丙公司', '0431-84978981', '13800138000', '张三', '见名片'],
    ['丁公司', '0431—84978981转8012', '', '', ''],
  ]
  const checked = await check(one, headings, rows)
  t.match(checked.text, '5 行正确，0 行有误')
  t.match(
    checked.text,
    /3 行的电话不像电话号码.*照常导入.*第 2 行「甲公司」，电话1「问前台」.*第 5 行「丙公司」，联系人手机「见名片」/,
  )
  t.notMatch(checked.text, '丁公司')
  t.match((await take(one, checked.location)).text, /新增 5 条.*3 行的电话/)
  t.match(await db('customers').where({ name: '乙公司' }).first(), { mobile: '1380013800' })
  const file = await one.get(`${checked.location}/doubtful-rows.xlsx`)
  const cells = await cellsOf(file.raw)
  t.strictSame(
    cells.map(([name]) => name),
    ['客户名称', '甲公司', '乙公司', '丙公司'],
  )
  t.match(cells[1]?.at(-1), /电话1「问前台」：不像电话号码/)
  t.match((await checkFile(one, file.raw)).text, '3 行在系统中已有', 'to be brought again')
})

t.test('days far off and short accounts are kept, told, and come back, as the form does', async (t) => {
  const { one, db, cellsOf } = await world(t)
  const headings = ['客户名称', '登记时间', '生日', '银行账号', '电话']
  const rows = [
    ['甲公司', '2090-01-01', '', '', ''],
    ['乙公司', '2024-03-05', '1901-01-01', '', '问前台'],
    ['丙公司', '2024-03-05', '', '1234', ''],
    ['丁公司', '2024-03-05', '1990-01-01', '6222021234567890123', ''],
  ]
  const checked = await check(one, headings, rows)
  t.match(checked.text, '4 行正确，0 行有误')
  t.match(checked.text, /1 行的电话不像电话号码/)
  t.match(
    checked.text,
    /2 行有待核对的内容.*第 2 行「甲公司」，登记时间「2090-01-01」在今天之后，请核对。.*第 4 行「丙公司」/,
  )
  t.notMatch(checked.text, '丁公司')
  await take(one, checked.location)
  t.match(await db('customers').where({ name: '甲公司' }).first(), { registered_on: '2090-01-01' })
  const cells = await cellsOf((await one.get(`${checked.location}/doubtful-rows.xlsx`)).raw)
  t.strictSame(
    cells.map(([name]) => name),
    ['客户名称', '甲公司', '乙公司', '丙公司'],
  )
  t.match(cells[1]?.at(-1), /登记时间「2090-01-01」：在今天之后，请核对。已按原样保存/)
  t.match(cells[2]?.at(-1), /生日「1901-01-01」：.*电话1「问前台」：不像电话号码/)
})

t.test('what is there is shown beside what comes, where the names differ', async (t) => {
  const { one, db } = await world(t)
  await take(one, (await check(one, ['客户名称', '电话'], [['旧公司', '0431-84978981']])).location)
  await db('imports').update({ created_at: '2020-01-01T00:00:00.000Z' })
  await db('customers').update({ created_at: '2020-01-01T00:00:00.000Z' })
  const rows = [
    ['新名字公司', '0431-84978981'],
    ['别的公司', ''],
  ]
  const checked = await check(one, ['客户名称', '电话'], rows)
  t.match(checked.text, '正确的行中，1 行是新客户，1 行只有电话与已有客户相同。')
  t.match(checked.text, /第 2 行「新名字公司」，电话同 旧公司/)
  t.equal(checked.page.querySelector('.question a')?.getAttribute('href'), '/customers/1')
})

t.test('contacts of companies that are not there: asked for, made once each, undone with them', async (t) => {
  const { one, db, app } = await world(t)
  await take(one, (await check(one, ['客户名称', '客户编码'], [['老公司', 'A-1']])).location)
  const headings = ['公司名称', '客户编码', '姓名', '手机', '主要联系人']
  const rows = [
    ['老公司', '', '张三', '13800138000', ''],
    ['新公司', '', '李四', '', ''],
    ['新 公司', '', '王五', '', '是'],
    ['新公司', 'B-1', '赵六', '', ''],
    ['', 'C-9', '孙七', '', ''],
    ['长'.repeat(101), '', '周八', '', ''],
    ['新公司', '', '李四', '', ''],
  ]
  const checked = await check(one, headings, rows, 'contacts')
  t.match(checked.text, '1 行正确，6 行有误')
  t.match(checked.text, /5 行联系人所属的客户在系统中没有.*第 3 行「新公司」/)
  await one.post(`${checked.location}/missing-records`)
  await app.runJobs()
  const again = await one.get(checked.location)
  t.match(again.text, /5 行正确，2 行有误/)
  t.match(
    wrongRows(again).map(([number, , reason]) => `${number} ${reason}`),
    [/^6 .*系统中没有此客户/, /^7 .*最多 100 个字/],
  )
  const done = await take(one, checked.location)
  t.match(done.text, '新增 4 条，更新 0 条，跳过已有的 1 条，2 行有误')
  const made = await db('customers').orderBy('id').select('id', 'name', 'code', 'kind')
  t.match(made, [{ name: '老公司' }, { name: '新公司', code: 'B-1', kind: 'company' }])
  t.equal(made.length, 2)
  const people = await db('contacts').orderBy('id').select('name', 'customer_id', 'is_main')
  t.strictSame(
    people.map(({ name, customer_id, is_main }) => [name, customer_id, is_main]),
    [
      ['张三', made[0].id, true],
      ['李四', made[1].id, false],
      ['王五', made[1].id, true],
      ['赵六', made[1].id, false],
    ],
  )
  t.match((await one.get('/customers?q=新公司')).text, 'B-1', 'can be found')
  t.match((await one.get(`${checked.location}/records`)).text, /赵六.*王五.*李四.*张三/)
  await one.post(`${checked.location}/undo`)
  await app.runJobs()
  t.strictSame(await db('customers').pluck('name'), ['老公司'])
  t.strictSame(await db('contacts').pluck('name'), [])
})

t.test('one row for each person, the company and its code in all of them', async (t) => {
  const { one, db } = await world(t)
  const rows = [
    ['A-1', '甲公司', '张三'],
    ['A-1', '甲 公司', '李四'],
    ['A-1', '乙公司', '王五'],
    ['A-1', '甲公司', ''],
  ]
  const checked = await check(one, ['客户编码', '客户名称', '联系人'], rows)
  t.strictSame(
    wrongRows(checked).map(([number, name]) => [number, name]),
    [
      ['4', '乙公司'],
      ['5', '甲公司'],
    ],
  )
  t.match((await take(one, checked.location)).text, '新增 1 条，更新 1 条')
  t.strictSame(await db('contacts').orderBy('id').pluck('name'), ['张三', '李四'])
})

t.test('the code of a contact that another one has is a reason, not a fault', async (t) => {
  const { one, db } = await world(t)
  const headings = ['客户名称', '联系人', '联系人编码']
  await take(one, (await check(one, headings, [['甲公司', '张三', 'P-1']])).location)
  const checked = await check(one, headings, [
    ['甲公司', '张三', 'P-1'],
    ['乙公司', '李四', 'p-1'],
    ['丙公司', '王五', 'P-2'],
    ['丁公司', '赵六', 'P-2'],
  ])
  t.match(checked.text, '2 行正确，2 行有误')
  t.match((await take(one, checked.location, { existing: 'add' })).text, /新增 1 条.*3 行有误/)
  t.strictSame(await db('contacts').orderBy('id').pluck('code'), ['P-1', 'P-2'])
})
