import t from 'tap'
import { customerConditions } from '../../../src/customers/customers/conditions.ts'
import type { Answer } from '../../fixtures/app.ts'
import { addMany, idsIn, totalIn } from './fixtures/customers.ts'
import { listOf, type Row } from './fixtures/list.ts'

const { db, rows: unnamed, admin } = await listOf(t, 60)
await addMany(db, [
  {
    name: '条件甲公司',
    address: '长春市朝阳区人民大街 100% 号',
    phone: '0431-84978981',
    credit_limit_cents: 700_000,
    points: 3,
  },
  {
    name: '条件乙公司',
    address: '长春市南关区',
    phone: '13800138000',
    credit_limit_cents: 0,
    birthday_on: '2026-05-04',
  },
  { name: '条件丙公司', address: '北京市朝阳区', credit_limit_cents: 100_050, notes: '甲,乙:丙' },
])
const rows: Row[] = await db('customers').orderBy('id')
const ask = (...conditions: string[]) =>
  `/customers?per=100&${conditions.map((one) => `f=${encodeURIComponent(one)}`).join('&')}`
const names = async (...conditions: string[]) =>
  (await admin.get(ask(...conditions))).page
    .querySelectorAll('#list tbody td a:not(.tel, [hx-get])')
    .map((link) => link.text.trim().replace(/条件|公司/g, ''))
    .sort()

t.test('conditions of every kind find what a naive look finds', async (t) => {
  t.strictSame(await names('address:contains:朝阳'), ['丙', '甲'])
  t.strictSame(await names('address:contains:100%'), ['甲'], 'a percent sign is itself')
  t.strictSame(await names('address:contains:朝阳', 'address:contains:长春'), ['甲'])
  t.strictSame(await names('address:is:长春市南关区'), ['乙'])
  t.strictSame(await names('phone:is:043184978981'), ['甲'], 'a telephone number as it is kept')
  t.strictSame(await names('notes:contains:甲,乙:丙'), ['丙'], 'commas and colons belong to the text')
  t.strictSame(await names('credit_limit_cents:between:1000.5,7000'), ['丙', '甲'])
  t.strictSame(await names('credit_limit_cents:between:,1000'), ['乙'])
  t.strictSame(await names('credit_limit_cents:between:1000.51,'), ['甲'])
  t.strictSame(await names('birthday_on:is:2026-05-04'), ['乙'])
  t.strictSame(await names('points:filled'), ['甲'])
  t.strictSame(await names('phone:empty', 'address:filled'), ['丙'])
  t.equal((await names('created_at:between:2020-01-01,')).length, 63)
  t.equal((await names('created_at:between:,2020-01-01')).length, 0)
})

t.test('chosen values, one, several and none, alone and with filters, words and orders', async (t) => {
  const level = unnamed.find((row) => row.level_id)?.level_id as number
  const [first, second] = [...new Set(unnamed.map((row) => row.source_id))].filter((id) => id !== null) as number[]
  const cases: [string, (row: Row) => boolean][] = [
    [`f=level_id:is:${level}`, (row) => row.level_id === level],
    ['f=level_id:empty', (row) => row.level_id === null],
    ['f=level_id:filled', (row) => row.level_id !== null],
    [`f=source_id:in:${first},${second}`, (row) => row.source_id === first || row.source_id === second],
    [
      `f=source_id:in:${first},${second}&level_id=${level}&sort=-name`,
      (row) => row.source_id !== null && row.level_id === level,
    ],
    [`f=level_id:empty&f=source_id:empty&sort=name`, (row) => row.level_id === null && row.source_id === null],
    [`f=level_id:empty&level_id=${level}`, () => false],
    [`f=level_id:is:${level}&f=level_id:empty`, () => false],
    ['f=city_code:is:长春', (row) => row.city_code === '220100'],
    ['f=district_code:is:没有', () => false],
    ['f=province_code:in:220000', (row) => row.province_code === '220000'],
    [`f=level_id:is:${level}&q=明日`, (row) => row.level_id === level && String(row.name).includes('明日')],
    [
      'f=kind:is:person&f=next_contact_on:empty&q=明日',
      (row) => row.kind === 'person' && row.next_contact_on === null && String(row.name).includes('明日'),
    ],
    [
      'f=kind:is:person&registered_on_from=2026-02-01',
      (row) => row.kind === 'person' && String(row.registered_on) >= '2026-02-01',
    ],
  ]
  for (const [query, isWanted] of cases) {
    const answer = await admin.get(`/customers?per=100&${query}`)
    const expected = rows.filter(isWanted).map(({ id }) => id)
    t.strictSame(
      idsIn(answer).toSorted((a, b) => a - b),
      expected,
      query,
    )
    t.equal(totalIn(answer), expected.length, query)
    const csv = await admin.get(`/customers.csv?${query}`)
    t.equal(csv.body.trim().split('\r\n').length - 1, expected.length, `${query} as csv`)
  }
})

t.test('what makes no sense is said, and nothing shown as if it were not there', async (t) => {
  for (const one of [
    'x:is:1',
    'level_id:between:1,2',
    'name:empty',
    'level_id:in:999999',
    'level_id:is:1 or 1=1',
    'points:between:a,b',
    'birthday_on:is:2026-02-30',
    'address',
    ':::',
    'points:between:,',
  ]) {
    const answer = await admin.get(ask(one))
    t.strictSame([answer.status, idsIn(answer)], [422, []], one)
    t.match(answer.page.querySelector('#list .errors')?.text, /看不懂/, one)
  }
})

t.test('a condition up to a day holds that whole day, in China', async (t) => {
  const day = '2026-03-05'
  const at = [
    '2026-03-04T15:59:59.999Z',
    '2026-03-04T16:00:00.000Z',
    '2026-03-05T15:59:59.999Z',
    '2026-03-05T16:00:00.000Z',
  ]
  const ids = rows.slice(0, at.length).map(({ id }) => id as number)
  const put = async (instants: unknown[]) => {
    for (const [index, id] of ids.entries()) await db('customers').where({ id }).update({ created_at: instants[index] })
  }
  await put(at)
  t.teardown(() => put(rows.map(({ created_at }) => created_at)))
  const found = async (values: string) =>
    idsIn(await admin.get(`/customers?f=created_at:between:${values}`)).sort((a, b) => a - b)
  t.strictSame(await found(`,${day}`), ids.slice(0, 3), 'up to the day')
  t.strictSame(await found(`${day},2026-03-31`), ids.slice(1), 'from the day on')
  t.strictSame(await found(`${day},${day}`), ids.slice(1, 3), 'the day alone')
  t.strictSame(
    idsIn(await admin.get(`/customers?f=created_at:is:${day}`)).sort((a, b) => a - b),
    ids.slice(1, 3),
    'is',
  )
})

t.test('a condition is added in two steps without script, shown, kept by the filters and taken away', async (t) => {
  const chips = ({ page }: Answer) =>
    page.querySelectorAll('.chips li').map((chip) => chip.text.replace(/\s+/g, ' ').trim())
  const first = await admin.get('/customers?q=条件&add_field=credit_limit_cents')
  t.ok(first.page.querySelector('form.condition select[name=add_operator]'))
  const nothing = await admin.get(
    '/customers?q=条件&add_field=credit_limit_cents&add_operator=between&add_value=&add_value=',
  )
  t.match(nothing.page.querySelector('form.condition [role=alert]')?.text, /请填写/)
  const sent = await admin.get(
    '/customers?q=条件&add_field=credit_limit_cents&add_operator=between&add_value=1,000&add_value=',
  )
  t.match(sent, { status: 303, location: '/customers?q=%E6%9D%A1%E4%BB%B6&f=credit_limit_cents%3Abetween%3A1000%2C' })
  const list = await admin.get(sent.location as string)
  t.strictSame(chips(list), ['搜索 条件 ×', '信用额度(元) 不小于 1000 ×'])
  t.equal(list.page.querySelector('#filters input[name=f]')?.getAttribute('value'), 'credit_limit_cents:between:1000,')
  const gone = list.page.querySelectorAll('.chips a').map((one) => one.getAttribute('href'))
  t.strictSame(gone, ['/customers?f=credit_limit_cents%3Abetween%3A1000%2C', '/customers?q=%E6%9D%A1%E4%BB%B6'])
  const printed = await admin.get('/customers/print?f=address:contains:朝阳')
  t.match(printed.text, /地址 ?包含 朝阳/)
  const card = await admin.get(
    `/customers/${idsIn(list)[0]}?list=${encodeURIComponent('f=address:contains:朝阳&f=credit_limit_cents:filled')}`,
  )
  t.match(card.page.querySelector('.walk a[data-key=Escape]')?.getAttribute('href'), /f=address.*f=credit/)
})

t.test('every field can be asked for', async (t) => {
  t.ok(customerConditions.length > 38)
  for (const { name, operators } of customerConditions) {
    t.ok(operators.length > 0, name)
    t.equal((await admin.get(`/customers?add_field=${name}`)).status, 200)
    for (const operator of operators.filter((one) => one === 'empty' || one === 'filled')) {
      const answer = await admin.get(ask(`${name}:${operator}`))
      // Nobody here is in a department.
      const column = name === 'tag_ids' || name === 'department_id' ? null : name
      const expected = rows.filter((row) => ((column ? row[column] : null) === null) === (operator === 'empty'))
      t.equal(totalIn(answer), expected.length, `${name} ${operator}`)
    }
  }
})
