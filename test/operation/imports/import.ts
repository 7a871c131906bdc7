import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { today } from '../../../src/kernel/china/clock.ts'
import { writeXlsx } from '../../../src/kernel/spreadsheets/write-xlsx.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { cellsIn } from '../../fixtures/readable.ts'
import { check, checkFile, take, upload, wrongRows, xlsx } from './fixtures/upload.ts'

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  return { app, db, as, one: await as('韩梅梅'), files: () => readdirSync(join(app.config.dataDir, 'imports')) }
}

t.test('a right file, with the names a person writes', async (t) => {
  const { db, one, files } = await world(t)
  const headings = ['客户名称 *', '电 话', '客户等级', '业务员', '市', '性质', '登记日期', '信用额度（元）', '客户编号']
  const checked = await check(one, headings, [
    [
      '长春宏源电子有限公司',
      '０４３１－８４９７８９８１',
      'VIP客户',
      '李雷',
      '长春',
      '企业',
      '2026年1月5日',
      '7,000.50',
      'A-1',
    ],
    ['㐂𠮷商店', '', '', '', '', '', '', '', ''],
  ])
  t.match(checked.text, '2 行正确，0 行有误')
  t.equal((await db('customers')).length, 0, 'the check writes no customer')
  t.equal(files().length, 1)

  const done = await take(one, checked.location)
  t.match(done.text, '新增 2 条')
  const [first, second] = await db('customers').orderBy('id')
  const level = await db('dictionary_entries').where({ label: 'VIP客户' }).first()
  const idOf = async (username: string) => (await db('users').where({ username }).first()).id
  t.match(first, {
    name: '长春宏源电子有限公司',
    code: 'A-1',
    phone: '0431-84978981',
    level_id: level.id,
    owner_id: await idOf('李雷'),
    province_code: '220000',
    city_code: '220100',
    kind: 'company',
    registered_on: '2026-01-05',
    credit_limit_cents: 700050,
    name_initials: 'cchydzyxgs',
  })
  t.match(second, {
    name: '㐂𠮷商店',
    kind: 'company',
    owner_id: await idOf('韩梅梅'),
    registered_on: today(),
    level_id: null,
  })
  t.match(second.code, /^KH\d{6}$/)
  t.match((await one.get('/customers?q=宏源')).text, '长春宏源电子有限公司', 'can be found')
  t.same(files(), [], 'the file is removed')
  t.match(await db('events').where({ action: 'import' }).first(), { user_name: '韩梅梅', record_name: '2 客户.xlsx' })
  t.equal((await db('events').where({ action: 'create', record_type: 'customers' })).length, 2)
  t.match((await one.get('/imports')).text, /客户\.xlsx 客户及主联系人 韩梅梅 .* 已完成 2 0 2 0/)
})

t.test('the template itself, filled in', async (t) => {
  const { one, db } = await world(t)
  const template = await one.get('/imports/template.xlsx')
  t.equal(template.raw.toString('latin1', 0, 2), 'PK')
  t.match((await upload(one, template.raw)).text, '只有列名，没有数据行')
  const file = join(newFolder(t), 'template.xlsx')
  writeFileSync(file, template.raw)
  const labels = (await cellsIn(file)).flat()
  t.match(labels.join(), /客户名称\*,客户编码.*联系人姓名,联系人编码/)
  const row = labels.map(
    (label) =>
      ({
        '客户名称*': '吉林大学',
        登记时间: '2026-11-23',
        性别: '男',
        省份: '吉林省',
        城市: '长春市',
        联系人姓名: '张三',
      })[label] ?? '',
  )
  const checked = await check(one, labels, [row])
  t.match(checked.text, '1 行正确，0 行有误')
  t.notMatch(checked.text, '未导入的列')
  await take(one, checked.location)
  t.match(await db('contacts').first(), { name: '张三', is_main: true })
})

t.test('every wrong row is listed with its reasons, and only the right ones are taken', async (t) => {
  const { db, one } = await world(t)
  const headings = [
    '客户名称',
    '客户级别',
    '邮箱',
    '所属人员',
    '下次联系时间',
    '登记时间',
    '省份',
    '城市',
    '税号',
    '代码有误仍保存',
  ]
  const checked = await check(one, headings, [
    ['', '', '', '', '', '', '', '', ''],
    ['好公司', '', 'a@b.example', '', '', '', '上海', '上海', '91310106MA0HBC6546'],
    ['', '', 'x', '', '', '', '', '', ''],
    ['日期公司', '', '', '', '2026-02-30', '2026-13-01', '', '', ''],
    ['异地公司', '', '', '', '', '', '上海', '长春', ''],
    ['税号公司', '', '', '', '', '', '', '', '91310106MA0HBC6547'],
    ['税号保留公司', '', '', '', '', '', '', '', '91310106MA0HBC6547', '是'],
    ['名'.repeat(101), '', '', '', '', '', '', '', ''],
  ])
  t.match(checked.text, '2 行正确，5 行有误')
  const rows = wrongRows(checked)
  t.same(
    rows.map(([number]) => number),
    ['4', '5', '6', '7', '9'],
  )
  const reasons = rows.map(([, name, reason]) => `${name} ${reason}`)
  t.match(reasons[0], /客户名称：请填写客户名称。 电子邮箱「x」：邮箱格式/, 'all reasons of a row')
  t.match(reasons[1], /登记时间「2026-13-01」：.*下次联系时间「2026-02-30」：/)
  t.match(reasons[2], '城市「长春」')
  t.match(reasons[3], /税号.*校验位不符/)
  t.match(reasons[4], '最多 100 个字')

  await take(one, checked.location)
  t.same(await db('customers').orderBy('id').pluck('name'), ['好公司', '税号保留公司'])
})

t.test('unknown headings are named, and a title may stand above', async (t) => {
  const { one, db } = await world(t)
  const checked = await check(
    one,
    ['客户资料表', '', ''],
    [
      ['单位名称', '<b>吉祥物</b>', '颜色'],
      ['一号公司', '熊猫', '黑白'],
    ],
  )
  t.match(checked.text, '未导入的列 <b>吉祥物</b>、颜色', 'as text, not as markup')
  await take(one, checked.location)
  t.same(await db('customers').pluck('name'), ['一号公司'])
})

t.test('codes: twice in the file, used already, also in the recycle bin, or given away since the check', async (t) => {
  const { one, db } = await world(t)
  await take(
    one,
    (
      await check(
        one,
        ['客户名称', '客户编码'],
        [
          ['旧公司', 'OLD'],
          ['旧公司二', 'BIN'],
        ],
      )
    ).location,
  )
  await db('customers').where({ code: 'BIN' }).update({ deleted_at: new Date().toISOString() })
  const rows = [
    ['甲', 'X1'],
    ['乙', 'X2'],
    ['丙', 'x1'],
    ['丁', 'OLD'],
    ['戊', 'BIN'],
    ['己', ''],
  ]
  const checked = await check(one, ['客户名称', '客户编码'], rows)
  t.same(
    wrongRows(checked).map(([number, name]) => [number, name]),
    [
      ['4', '丙'],
      ['6', '戊'],
    ],
  )
  t.match(checked.text, '与第 2 行重复')
  t.match(checked.text, '此编码已被使用')
  t.match(checked.text, '1 行在系统中已有')

  await take(one, (await check(one, ['客户名称', '客户编码'], [['快手公司', 'X2']])).location)
  const done = await take(one, checked.location, { existing: 'add' })
  t.match(done.text, '新增 2 条，更新 0 条，跳过已有的 0 条，4 行有误')
  t.match(wrongRows(done)[0], ['3', '乙', /此编码已被使用/], 'told, not lost')
  t.same((await db('customers').orderBy('id').pluck('name')).slice(2), ['快手公司', '甲', '己'])
})

t.test('hostile cells stay text', async (t) => {
  const { one, db } = await world(t)
  const names = [
    '<script>alert(1)</script>',
    "'; drop table customers; --",
    '%_[x]',
    '=cmd|calc!A1',
    'a\u0000b\uFFFE\uD800',
  ]
  const checked = await check(
    one,
    ['客户名称', '备注'],
    names.map((name) => [name, `${name}\n第二行`]),
  )
  t.match(checked.text, '5 行正确')
  await take(one, checked.location)
  t.same((await db('customers').orderBy('id').pluck('name')).slice(0, 4), names.slice(0, 4))
  t.notMatch((await one.get('/customers')).body, '<script>alert')
  const wrong = await check(one, ['客户名称', '邮箱'], [['<script>x</script>', '<img src=x onerror=1>']])
  t.notMatch(wrong.body, /<script>x|<img/)
})

t.test('dates and numbers as Excel stores them', async (t) => {
  const { one, db } = await world(t)
  const columns = [
    { label: '客户名称', kind: 'text' },
    { label: '登记时间', kind: 'day' },
    { label: '下次联系时间', kind: 'instant' },
    { label: '信用额度(元)', kind: 'money' },
    { label: '邮编', kind: 'number' },
  ] as const
  const row = ['日期公司', '2025-02-28', '2026-11-23T06:30:00.000Z', 123450, 130000]
  const file = await buffer(writeXlsx([...columns], [row], '表'))
  await take(one, (await checkFile(one, file)).location)
  t.match(await db('customers').first(), {
    registered_on: '2025-02-28',
    next_contact_on: '2026-11-23',
    credit_limit_cents: 123450,
    postcode: '130000',
  })
})

t.test('only for those who may', async (t) => {
  const { as, one } = await world(t)
  const file = await xlsx(['客户名称'], [['甲']])
  const { location } = await checkFile(one, file)
  const plain = await as('李雷')
  for (const url of [
    '/imports',
    '/imports/new',
    '/imports/template.xlsx',
    location,
    `${location}/mapping`,
    `${location}/undo`,
    `${location}/wrong-rows.xlsx`,
  ])
    t.equal((await plain.get(url)).status, 403, url)
  t.equal((await upload(plain, file)).status, 403)
  for (const act of ['execution', 'mapping', 'undo']) t.equal((await plain.post(`${location}/${act}`)).status, 403, act)
  t.match((await one.get(location)).text, '1 行正确', 'still waiting')
  for (const url of ['/imports/999', '/imports/1%20or%201=1', '/imports/9223372036854775808'])
    t.equal((await one.get(url)).status, 404, url)
})
