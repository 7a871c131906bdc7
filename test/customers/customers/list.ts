import t from 'tap'
import { randomFrom } from '../../../bench/random.ts'
import { facets } from '../../../src/customers/customers/fields.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { addMany, idsIn, totalIn } from './fixtures/customers.ts'
import { listOf, type Row } from './fixtures/list.ts'

const compare = (a: string | number | null, b: string | number | null) =>
  a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1

const sorted = (rows: Row[], column: string, isDescending: boolean) =>
  rows
    .toSorted((a, b) => (compare(a[column] as string, b[column] as string) || a.id - b.id) * (isDescending ? -1 : 1))
    .map(({ id }) => id)

t.test('every order both ways gives every row once over all pages', async (t) => {
  const { rows, admin } = await listOf(t, 57)
  const columns = {
    code: 'code',
    name: 'name_pinyin',
    next_contact_on: 'next_contact_on',
    registered_on: 'registered_on',
  }
  const walk = async (address: string, count = rows.length) => {
    const ids: number[] = []
    for (let page = 1; (page - 1) * 10 < count; page++)
      ids.push(...idsIn(await admin.get(`${address}&per=10&page=${page}`)))
    return ids
  }
  for (const [name, column] of Object.entries(columns))
    for (const sign of ['', '-'])
      t.strictSame(await walk(`/customers?sort=${sign}${name}`), sorted(rows, column, sign === '-'), sign + name)
  t.strictSame(await walk('/customers?x=1'), sorted(rows, 'registered_on', true), 'newest registration first')
  const few = rows.filter((row) => row.kind === 'person' && row.owner_id === 3)
  t.strictSame(
    await walk('/customers?kind=person&owner_id=3&sort=next_contact_on', few.length),
    sorted(few, 'next_contact_on', false),
  )
  t.strictSame(await walk('/customers?kind=person&owner_id=3&sort=-name', few.length), sorted(few, 'name_pinyin', true))
})

t.test('names stand in the order of their pinyin', async (t) => {
  const { db, as } = await buildTestApp(t)
  const list = [
    '蚌埠银行',
    '长春明日',
    '重庆长安',
    '阿里巴巴',
    '北京同仁堂',
    '乐清正泰',
    '吕梁汾酒',
    '张家口卷烟',
    '厦门国贸',
  ]
  await addMany(
    db,
    list.toSorted().map((name) => ({ name })),
  )
  const page = await (await as('韩梅梅')).get('/customers?sort=name')
  const shown = page.page.querySelectorAll('#list tbody tr td:nth-child(3)').map((cell) => cell.text.trim())
  t.strictSame(shown, [
    '阿里巴巴',
    '北京同仁堂',
    '蚌埠银行',
    '长春明日',
    '重庆长安',
    '吕梁汾酒',
    '厦门国贸',
    '乐清正泰',
    '张家口卷烟',
  ])
})

t.test('every filter alone, in pairs, with days and with words finds what a naive look finds', async (t) => {
  const { rows, admin } = await listOf(t, 90)
  const random = randomFrom(3)
  const check = async (filters: Record<string, string>) => {
    const expected = rows.filter((row) => Object.entries(filters).every(([name, value]) => holds(row, name, value)))
    const answer = await admin.get(`/customers?per=100&${new URLSearchParams(filters)}`)
    const said = JSON.stringify(filters)
    t.equal(totalIn(answer), expected.length, said)
    t.strictSame(
      idsIn(answer).toSorted((a, b) => a - b),
      expected.map(({ id }) => id),
      said,
    )
  }
  const choose = (): Record<string, string> => {
    const row = rows[random.below(rows.length)] as Row
    const column = facets[random.below(facets.length)] as string
    const above = { city_code: ['province_code'], district_code: ['province_code', 'city_code'] }[column] ?? []
    const chosen = [...above, column].map((name) => [name, row[name]])
    return chosen.some(([, value]) => value === null)
      ? {}
      : Object.fromEntries(chosen.map(([name, value]) => [name, String(value)]))
  }
  for (const column of facets.filter((name) => !/_code$/.test(name)))
    for (const value of new Set(rows.map((row) => row[column])))
      if (value !== null) await check({ [column]: String(value) })
  await check({ province_code: '220000', city_code: '220100', district_code: '220102' })
  await check({ registered_on_from: '2026-02-28', registered_on_to: '2026-02-28' })
  await check({ next_contact_on_from: '2026-12-02' })
  for (let round = 0; round < 60; round++)
    await check({
      ...choose(),
      ...choose(),
      ...(round % 3 === 0 ? { registered_on_from: '2026-02-01' } : {}),
      ...(round % 4 === 0 ? { q: ['明日', '公司', '吉大', '长春 公司'][(round % 16) / 4] as string } : {}),
      ...(round % 5 === 0 ? { sort: ['name', '-next_contact_on'][round % 2] as string } : {}),
    })
})

function holds(row: Row, name: string, value: string) {
  if (name === 'q') return value.split(' ').every((part) => String(row.name).includes(part))
  if (name === 'sort') return true
  if (name.endsWith('_from')) return (row[name.slice(0, -5)] ?? '') >= value
  if (name.endsWith('_to')) return row[name.slice(0, -3)] !== null && (row[name.slice(0, -3)] as string) <= value
  return String(row[name]) === value
}
