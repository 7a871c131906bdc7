import { readFileSync } from 'node:fs'
import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { changeSettings } from '../../../src/kernel/settings/settings.ts'
import { email, line, phone } from '../../../src/kernel/web/fields.ts'
import { birthday } from '../../../src/kernel/web/ruled-kinds.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { check, checkFile, take, wrongRows } from './fixtures/upload.ts'

const world = async (t: Parameters<typeof buildTestApp>[0]) => {
  const { app, db, as } = await buildTestApp(t)
  return { app, db, one: await as('韩梅梅') }
}

const csv = (...lines: string[]) => lines.join('\r\n')

t.test(
  'sums, what stands below a table, its title and headings again are no records, and it is said why',
  async (t) => {
    const { one, db } = await world(t)
    const file = csv(
      '客户一览表,,',
      '序号,客户名称,电话,信用额度(元)',
      '1,合计科技有限公司,0431-84978981,1000',
      '小计,,,1000',
      '客户一览表',
      '序号,客户名称,电 话,信用额度(元)',
      '2,制表人培训学校,0431-84978982,500',
      '3,日期,,',
      '合 计：,2 家,,1500',
      '制表人：张三,,审核：李四',
      '审核,王五',
      '日期：2026-11-30',
      '第 1 页 共 1 页',
    )
    const checked = await checkFile(one, file, { fileName: '一览表.csv' })
    t.match(checked.text, '3 行正确，8 行有误')
    t.strictSame(
      wrongRows(checked).map(([row, name, reason]) => [row, name, reason?.slice(0, 8)]),
      [
        ['4', '小计', '这是合计行，不是'],
        ['5', '客户一览表', '这一行重复了列名'],
        ['6', '序号', '这一行重复了列名'],
        ['9', '合 计：', '这是合计行，不是'],
        ['10', '制表人：张三', '这是表尾的说明（'],
        ['11', '审核', '这是表尾的说明（'],
        ['12', '日期：2026-11-30', '这是表尾的说明（'],
        ['13', '第 1 页 共 1 页', '这是表尾的说明（'],
      ],
    )
    await take(one, checked.location)
    t.strictSame(await db('customers').orderBy('id').pluck('name'), ['合计科技有限公司', '制表人培训学校', '日期'])
  },
)

t.test('the same of contacts, without a word of a missing customer', async (t) => {
  const { one } = await world(t)
  await take(one, (await check(one, ['客户名称'], [['吉林大学']])).location)
  const rows = [
    ['吉林大学', '张三'],
    ['所属客户', '姓名'],
    ['总计', '1 人'],
  ]
  const checked = await check(one, ['所属客户', '姓名'], rows, 'contacts')
  t.match(checked.text, '1 行正确，2 行有误')
  t.notMatch(wrongRows(checked).flat().join(), '没有此客户')
})

t.test('a row with more cells than there are headings is torn', async (t) => {
  const { one, db } = await world(t)
  const file = csv(
    '客户名称,地址,电话',
    '甲公司,长春市,人民大街1号,0431-84978981',
    '乙公司,"长春市,人民大街2号",0431-84978982',
    '丙公司,长春市',
    '丁公司,长春市,,,',
  )
  const checked = await checkFile(one, file, { fileName: '散.csv' })
  t.match(checked.text, '3 行正确，1 行有误')
  t.match(wrongRows(checked), [['2', '甲公司', /比列名多出「0431-84978981」/]])
  await take(one, checked.location)
  t.match(await db('customers').orderBy('id'), [{ name: '乙公司', address: '长春市,人民大街2号' }, {}, { phone: null }])
})

t.test('a column without a heading that every row fills is a column', async (t) => {
  const { one } = await world(t)
  const rows = ['甲', '乙', '丙', '丁'].map((name) => [`${name}公司`, '', '内部标记'])
  t.match((await check(one, ['客户名称', '电话'], rows)).text, '4 行正确，0 行有误')
})

t.test('"as above" is what stands above, also in the rows that come back', async (t) => {
  const { one, db } = await world(t)
  const rows = [
    ['甲公司', '人民大街1号', '李雷', ''],
    ['合计', '', '', ''],
    ['乙公司', '同上', '〃', '2026-02-30'],
    ['丙公司', '同 上', '″', ''],
    ['丁公司', '（同上）', '"', ''],
  ]
  const checked = await check(one, ['客户名称', '地址', '所属人员', '下次联系时间'], rows)
  t.match(checked.text, '3 行正确，2 行有误')
  t.match((await one.get(`${checked.location}/wrong-rows.xlsx`)).status, 200)
  await take(one, checked.location)
  const owner = (await db('users').where({ username: '李雷' }).first('id')).id
  t.match(await db('customers').orderBy('id'), [
    { address: '人民大街1号', owner_id: owner },
    { address: '人民大街1号', owner_id: owner },
    { name: '丁公司', address: '人民大街1号', owner_id: owner },
  ])
  const nothing = await check(one, ['客户名称', '地址'], [['戊公司', '同上']])
  t.match(wrongRows(nothing), [['2', '戊公司', '「同上」的上面没有内容。']])
})

t.test('words for nothing are nothing, but in notes and where an option is called so', async (t) => {
  const { one, db } = await world(t)
  const headings = [
    '客户名称',
    '电话',
    '邮箱',
    '登记日期',
    '下次联系日期',
    '税号',
    '客户级别',
    '标签',
    '备注',
    '联系人',
    '手机',
  ]
  const nothing = ['-', '—', '——', '无', '/', 'N/A', 'n/a', '暂无', '－', '／']
  const rows = nothing.map((word, index) => [
    `公司${index}`,
    ...[word, word, '0000-00-00', '1900-01-00 00:00', word, word, word, word, word, word],
  ])
  const label = {
    dictionary: 'credit-ratings',
    label: '无',
    label_key: '无',
    position: 9,
    is_active: true,
    is_default: false,
  }
  const [{ id }] = await db('dictionary_entries')
    .insert({ ...label, version: 1, updated_at: '' })
    .returning('id')
  await bumpRevision(db)
  const checked = await check(one, headings, [...rows, ['无', '', '', '', '', '', '', '', '', '', '']])
  t.match(checked.text, `${nothing.length} 行正确，1 行有误`)
  t.notMatch(checked.text, '系统中没有的选项')
  await take(one, checked.location)
  for (const row of await db('customers'))
    t.match(row, { phone: null, email: null, next_contact_on: null, credit_code: null, level_id: null, mobile: null })
  t.strictSame((await db('customers').orderBy('id').pluck('notes'))[3], '无')
  t.equal((await db('contacts')).length, 0)
  const rated = await check(one, ['客户名称', '信用等级'], [['有评级公司', '无']])
  await take(one, rated.location)
  t.match(await db('customers').where({ name: '有评级公司' }).first(), { credit_rating_id: id })
})

t.test('which words are nothing is a setting', async (t) => {
  const { one, db } = await world(t)
  await changeSettings(db, { emptyWords: ['待补'] })
  const rows = [
    ['甲公司', '待补', '13800138000'],
    ['乙公司', '-', ''],
  ]
  await take(one, (await check(one, ['客户名称', '地址', '电话'], rows)).location)
  t.strictSame(await db('customers').orderBy('id').pluck('address'), [null, '-'])
})

for (const [name, right, wrong] of [
  ['footer.xlsx', 2, 2],
  ['repeat-head.xlsx', 2, 1],
  ['ragged.csv', 2, 1],
] as const)
  t.test(`${name} as it was brought`, async (t) => {
    const { one } = await world(t)
    const file = readFileSync(new URL(`fixtures/${name}`, import.meta.url))
    t.match((await checkFile(one, file, { fileName: name })).text, `${right} 行正确，${wrong} 行有误`)
  })

t.test('a cell far too long for its field is a wrong row before anybody looks into it', async (t) => {
  const { one } = await world(t)
  const asked: number[] = []
  for (const kind of [line, phone, email, birthday]) {
    const { parse } = kind
    kind.parse = (typed, ...rest) => {
      asked.push(typed.length)
      return parse(typed, ...rest)
    }
    t.teardown(() => Object.assign(kind, { parse }))
  }
  const long = (sign: string) => sign.repeat(32_767 / sign.length)
  const checked = await check(
    one,
    ['客户名称', '电话', '邮箱', '省市区', '客户级别', '法定代表人'],
    [
      [long('长'), '', '', '', '', ''],
      ['甲公司', long('1'), long('a@'), '', '', ''],
      ['乙公司', '', '', long('省'), long('级'), ''],
      ['丙公司', '', '', '', '', `张${' '.repeat(600)}三`],
      ['丁公司', `电话：${'0431-84978981 / '.repeat(10)}`, '', '', '', ''],
    ],
  )
  t.match(checked.text, '1 行正确，4 行有误')
  t.strictSame(
    wrongRows(checked).map(([row, , reasons = '']) => [row, ...reasons.split(/(?<=。)\s/)]),
    [
      ['2', `客户名称「${'长'.repeat(30)}」：最多 100 个字。`],
      [
        '3',
        `电话1「${'1'.repeat(30)}」：最多 100 个字。`,
        `电子邮箱「${'a@'.repeat(15)}」：最多 100 个字。`,
        `电子邮箱「${'a@'.repeat(15)}」：邮箱格式应为 name@example.com。`,
      ],
      [
        '4',
        `省市区（在同一列）「${'省'.repeat(30)}」：最多 100 个字。`,
        `客户级别「${'级'.repeat(30)}」：最多 100 个字。`,
      ],
      ['5', `法人代表「张${' '.repeat(29)}」：最多 50 个字。`],
    ],
  )
  t.ok(Math.max(...asked) < 1_000, 'no rule of a field was asked about all of it')
})
