import type { Knex } from 'knex'
import { facets } from '../src/customers/customers/fields.ts'
import { customerList } from '../src/customers/customers/list.ts'
import { text } from '../src/texts/index.ts'

/** One address of the customer list to be measured. */
export type Case = { label: string; path: string }

const address = (parameters: Record<string, string | number>) =>
  `/customers?${new URLSearchParams(parameters as Record<string, string>)}`
const oneCase = (parameters: Record<string, string | number>): Case => ({
  label: Object.entries(parameters)
    .map((pair) => pair.join('='))
    .join(' '),
  path: address(parameters),
})

const texts =
  '公 司 有 限 长 春 科 鑫 鲲 一 有限 公司 有限公司 科技 长春 北京 分公司 科技有限公司 第二分公司 长春分公司 鲲鹏'
const codes = 'KH KH000 KH000001 KH99999 kh500000'
const letters = 'c z gs yxgs kjyxgs ccmr bj shkj fgs changchun shen beijing'
const digits = '1 8 13 138 0431 04318 8497 84971 0431-8 0431-84 043184 0431849 04318497 13812 139 13900'
const others = '华为abc 王 王芳 李 zzzzqq 不存在的公司 公司138 Ａ１ 88888888'

/** Searches of every kind: frequent and rare characters, names, codes, initials, pinyin, phone digits, and no hit. */
export const searchCases: Case[] = [
  ...`${texts} ${codes} ${letters} ${digits} ${others}`.split(' '),
  '长春 科技',
  '138 科技',
  '公司 有限 分公司',
  text.customers.title.padEnd(50, text.customers.title),
].map((q) => oneCase({ q }))

/** Searches for pieces of one customer as it is stored: its whole name, phones, code and initials. */
export async function storedCases(db: Knex): Promise<Case[]> {
  const row = await db('customers').where({ id: 50_007 }).first()
  const { name, phone, code, name_initials, name_pinyin } = row
  return [
    name,
    name.slice(0, 4),
    phone,
    phone.replace('-', '').slice(0, 9),
    phone.slice(-4),
    phone.slice(-7),
    code,
    name_initials,
    name_pinyin,
  ].map((q) => oneCase({ q }))
}

/** The same typed into the box on top, which proposes records of all kinds. */
export const typedCases = (searches: Case[]): Case[] =>
  searches.map(({ label, path }) => ({ label, path: path.replace('/customers', '/search-proposals') }))

/** Parts of what stands in each text of contacts, a frequent and a rare one. */
export const partCases: Case[] = [
  'name:contains:王',
  'name:contains:芳芳',
  'mobile:contains:138',
  'mobile:contains:8888',
  'position:contains:经理',
  'email:contains:li',
  'email:contains:@qq',
  'notes:contains:客户',
  'customer_name:contains:科技',
].map((f) => ({ label: f, path: `/contacts?${new URLSearchParams({ f })}` }))

type Tally = { name: string; row_count: number }

/** Each filter alone with the most frequent value there is and the rarest one. */
export async function filterCases(db: Knex): Promise<Case[]> {
  const tallies: Tally[] = await db('tallies')
    .where({ module: 'customers' })
    .where('row_count', '>', 0)
    .orderBy('row_count', 'desc')
  const choices = facets.flatMap((facet) => {
    const values = tallies.map(({ name }) => name.split(':')).filter(([name]) => name === facet)
    return [...new Set([values[0], values.at(-1)])]
      .map((pair) => pair?.[1] ?? '')
      .map((value) => withParents(facet, value))
  })
  return [...choices, ...dayCases].map(oneCase)
}

/** A city can be chosen only below its province, a district only below its city. */
function withParents(facet: string, value: string): Record<string, string> {
  const province = `${value.slice(0, 2)}0000`
  const city = `${value.slice(0, 4)}00`
  if (facet === 'city_code') return { province_code: province, city_code: value }
  if (facet === 'district_code') return { province_code: province, city_code: city, district_code: value }
  return { [facet]: value }
}

const dayCases: Record<string, string>[] = [
  { registered_on_from: '2026-11-01' },
  { registered_on_from: '2022-01-01' },
  { registered_on_to: '2021-12-31' },
  { registered_on_from: '2024-03-01', registered_on_to: '2024-03-31' },
  { next_contact_on_from: '2026-11-23' },
  { next_contact_on_from: '2000-01-01' },
  { next_contact_on_to: '2022-06-30' },
]

const sorts = customerList.columns.filter(({ sort, parts }) => sort ?? parts).flatMap(({ name }) => [name, `-${name}`])

/** Every sortable column both ways: the first, a middle and the last page. */
export function sortCases(count: number): Case[] {
  const pages = [1, Math.floor(count / 20), Math.ceil(count / 10)]
  return ['', ...sorts].flatMap((sort) => pages.map((page) => oneCase(sort ? { sort, page } : { page })))
}

/** Filters with an order, a search with filters, a search with an order, several filters at once. */
export async function mixedCases(db: Knex): Promise<Case[]> {
  const { level_id, source_id, status_id, owner_id, province_code } = await db('customers').where({ id: 7 }).first()
  const combinations = [
    { level_id, source_id },
    { level_id, source_id, status_id },
    { level_id, source_id, status_id, owner_id },
    { level_id, source_id, status_id, owner_id, province_code },
    { level_id, registered_on_from: '2026-01-01' },
    { level_id, source_id, registered_on_from: '2026-01-01' },
    ...sorts.map((sort) => ({ level_id, sort })),
    ...sorts.map((sort) => ({ level_id, source_id, sort })),
    ...sorts.map((sort) => ({ q: '科技', sort })),
    ...sorts.map((sort) => ({ q: '0431', sort })),
    { q: '科技', level_id },
    { q: '公', level_id, owner_id },
    { q: '138', registered_on_from: '2026-01-01' },
    { q: '公司', registered_on_from: '2024-03-01', registered_on_to: '2024-03-02' },
  ]
  return combinations.map((parameters) => oneCase(parameters as Record<string, string>))
}
