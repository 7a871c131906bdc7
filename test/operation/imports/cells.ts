import { readFileSync } from 'node:fs'
import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { check, checkFile, take, wrongRows } from './fixtures/upload.ts'

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  const one = await as('韩梅梅')
  const bring = async (headings: string[], rows: unknown[][], kind?: string) => {
    const checked = await check(one, headings, rows, kind)
    await take(one, checked.location)
    return checked
  }
  const customers = () => db('customers').orderBy('id')
  return { app, db, one, bring, customers }
}

t.test('of several telephones in a cell the first stays, others go where they belong, and it is said', async (t) => {
  const { bring, customers } = await world(t)
  const checked = await bring(
    ['客户名称', '电话', '手机', '电话2'],
    [
      ['甲公司', '0431-84978981/0431-84978982', '', ''],
      ['乙公司', '0431-84978981；13800138000', '', ''],
      ['丙公司', '', '13800138000、043184978981,13900139000', ''],
      ['丁公司', '84978981 84978982', '', '84978983'],
      ['戊公司', '13800138000', '13900139000', ''],
    ],
  )
  t.match(checked.text, /3 行有一格内写了多个电话或邮箱.*第 2 行「甲公司」，电话1「0431-84978981\/0431-84978982」/)
  t.match(await customers(), [
    { phone: '0431-84978981', phone2: '0431-84978982', mobile: null },
    { phone: '0431-84978981', phone2: null, mobile: '13800138000' },
    { phone: '0431-84978981', phone2: '13900139000', mobile: '13800138000' },
    { phone: '84978981 / 84978982', phone2: '84978983', mobile: null },
    { phone: '13800138000', phone2: null, mobile: '13900139000' },
  ])
})

t.test('numbers as tables spoil them; one whose digits are lost is refused', async (t) => {
  const { bring, customers } = await world(t)
  const spoiled = ["'13800138000", '13800138000.0', '8613800138000', '(+86)13800138000', '008613800138000']
  const rows = [
    ...spoiled.map((phone, index) => [`公司${index}`, phone]),
    ['末公司', '43184978981'],
    ['失公司', '1.38E+10'],
  ]
  const checked = await bring(['客户名称', '电话'], rows)
  t.match(wrongRows(checked), [['8', '失公司', /电话1「1\.38E\+10」：.*末尾的数字已经丢失/]])
  t.strictSame(
    (await customers()).map(({ phone }) => phone),
    [...spoiled.map(() => '13800138000'), '0431-84978981'],
  )
})

t.test('of several addresses the first is kept, the others are in the notes', async (t) => {
  const { db, bring, customers } = await world(t)
  const checked = await bring(
    ['客户名称', '邮箱', '备注', '联系人', '联系人邮箱'],
    [
      ['甲公司', 'a@x.example; b@x.example，c@x.example', '老客户', '张三', 'z@x.example y@x.example'],
      ['乙公司', 'a@x.example', '', '', ''],
    ],
  )
  t.match(checked.text, /1 行有一格内写了多个电话或邮箱/)
  t.match(await customers(), [
    { email: 'a@x.example', notes: '老客户\n其他电子邮箱：b@x.example、c@x.example' },
    { email: 'a@x.example', notes: null },
  ])
  t.match(await db('contacts').first(), { email: 'z@x.example', notes: '其他电子邮箱：y@x.example' })
})

t.test('who has all of it in one field is not changed, and the notes get only what is new', async (t) => {
  const { db, one, bring, customers } = await world(t)
  await bring(['客户名称', '备注'], [['甲公司', '老客户']])
  await db('customers').update({ phone: '0431-84978981 / 13800138000' })
  const before = await customers()
  const row = ['甲公司', '0431-84978981；13800138000', 'a@x.example;b@x.example']
  const checked = await check(one, ['客户名称', '电话', '邮箱'], [row])
  await take(one, checked.location, { existing: 'overwrite' })
  t.match(await customers(), [
    {
      ...before[0],
      email: 'a@x.example',
      notes: '老客户\n其他电子邮箱：b@x.example',
      version: 2,
      updated_at: /./,
    },
  ])
})

t.test('a record that is there gets what has no room in its fields into its notes, once', async (t) => {
  const { db, one, bring, customers } = await world(t)
  const headings = ['客户名称', '电话', '邮箱', '联系人', '联系人邮箱']
  await bring(
    ['客户名称', '电话2', '备注', '联系人'],
    [
      ['甲公司', '010-62781234', '老客户', '张三'],
      ['乙公司', '', '', ''],
    ],
  )
  await db('customers').where({ name: '乙公司' }).update({ email: 'z@x.example' })
  const rows = [
    ['甲公司', '0431-84978981/0431-84978982', 'a@x.example;b@x.example', '张三', 'c@x.example d@x.example'],
    ['乙公司', '', 'a@x.example;b@x.example', '', ''],
  ]
  const fill = async () => take(one, (await check(one, headings, rows)).location, { existing: 'fill' })
  await fill()
  const filled = await customers()
  t.match(filled, [
    {
      phone: '0431-84978981',
      phone2: '010-62781234',
      notes: '老客户\n其他电话1：0431-84978982\n其他电子邮箱：b@x.example',
    },
    { email: 'z@x.example', notes: null },
  ])
  t.match(await db('contacts').first(), { email: 'c@x.example', notes: '其他电子邮箱：d@x.example' })
  await fill()
  t.strictSame(await customers(), filled)
})

t.test('province, city and district in one column', async (t) => {
  const { one, bring, db } = await world(t)
  const places: Record<string, [string, string | null, string | null]> = {
    吉林省长春市朝阳区: ['220000', '220100', '220104'],
    '吉林/长春/朝阳': ['220000', '220100', '220104'],
    '吉林 长春': ['220000', '220100', null],
    吉林省: ['220000', null, null],
    吉林: ['220000', null, null],
    吉林市: ['220000', '220200', null],
    长春: ['220000', '220100', null],
    '上海市-上海市-浦东新区': ['310000', '310100', '310115'],
    '上海 浦东': ['310000', '310100', '310115'],
    重庆市渝中区: ['500000', '500100', '500103'],
    中国·广东省·东莞市: ['440000', '441900', null],
    延边州: ['220000', '222400', null],
    仙桃市: ['420000', '429000', '429004'],
    '吉林省、长春市、-': ['220000', '220100', null],
  }
  const rows = Object.keys(places).map((place) => [place, place])
  const checked = await bring(['客户名称', '省、市、区/县'], rows)
  t.match(checked.text, `${rows.length} 行正确，0 行有误`)
  for (const { name, province_code, city_code, district_code } of await db('customers'))
    t.match([province_code, city_code, district_code], places[name], name)
  const wrong = await check(
    one,
    ['客户名称', '地区'],
    [
      ['甲公司', '吉林省杭州市'],
      ['乙公司', '华东大区'],
    ],
  )
  t.match(wrong.text, /2 甲公司 省市区.*「吉林省杭州市」：系统中没有此项/)
  t.match(wrong.text, /系统中没有的选项.*区域 华东大区/, 'what is no place is a sales region')
})

t.test('names in two columns', async (t) => {
  const { db, bring } = await world(t)
  await bring(['客户名称'], [['吉林大学']])
  const headings = ['姓', '名', '单位', '移动电话']
  const rows = [
    ['欧阳', '修', '吉林大学', '13800138000'],
    ['', '三毛', '吉林大学', ''],
    ['Smith', 'John', '吉林大学', ''],
    ['', '', '吉林大学', ''],
  ]
  const checked = await bring(headings, rows, 'contacts')
  t.match(checked.text, '3 行正确，1 行有误')
  t.strictSame(await db('contacts').orderBy('id').pluck('name'), ['欧阳修', '三毛', 'John Smith'])
})

t.test('what a register of companies gives out, and other programs', async (t) => {
  const { one, db } = await world(t)
  const file = readFileSync(new URL('fixtures/qcc.csv', import.meta.url))
  const checked = await checkFile(one, file, { fileName: 'qcc.csv' })
  t.match(checked.text, '7 行正确，0 行有误')
  await take(one, checked.location)
  const first = await db('customers').orderBy('id').first()
  t.match(first, { phone: '0431-84970401', mobile: '13800138401', credit_code: null, website: null })
  t.match(first.phone2, /^0431-84970402 \/ 13800138402 \//)
  t.match(first.notes, '其他电话2：13800138408、13800138409')
})
