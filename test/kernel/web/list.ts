import t from 'tap'
import type { List, ListQuery, Row } from '../../../src/kernel/web/list.ts'
import { listPage } from '../../../src/kernel/web/list-page.ts'
import { listAddress, readListQuery } from '../../../src/kernel/web/list-query.ts'
import { countUpTo, filtered } from '../../../src/kernel/web/list-rows.ts'
import { printLimit, walk } from '../../../src/kernel/web/row-stream.ts'
import { everybody } from '../../../src/kernel/web/viewers.ts'
import { asked, noReference, openThings, thingList } from '../../fixtures/things.ts'

const read = (query: Record<string, unknown>) =>
  readListQuery(thingList, query, { reference: noReference, viewer: everybody })

t.test('an address that makes no sense is a list all the same', async (t) => {
  for (const page of ['-1', '0', '1.5', 'x', '1e3', '', '99999999999']) t.equal(read({ page }).page, 1, `page ${page}`)
  t.equal(read({ page: '1000000000'.slice(0, 9) }).page, 100_000_000)
  for (const per of ['7', '-10', '1000', 'x', '']) t.equal(read({ per }).per, 20, `per ${per}`)
  t.equal(read({ per: '50' }).per, 50)
  for (const sort of ['password_hash', 'plain', '--name', 'name;drop table users', 'id', '-'])
    t.equal(read({ sort }).sort, null, `sort ${sort}`)
  t.match(read({ sort: '-name' }).sort, { isDescending: true, column: { name: 'name' } })
  const hostile = read({ kind: "a' or 1=1 --", next_on_from: '2026-02-30', next_on_to: '1 or 1=1', evil: 'x' })
  t.strictSame(hostile.filters, {})
  t.strictSame(read({ kind: ['b', 'a'], next_on_from: '2026/5/4' }).filters, { kind: 'a', next_on_from: '2026-05-04' })
  t.equal([...read({ q: '𠮷'.repeat(4000) }).q].length, 50)
  t.strictSame([...(read({ name: '字'.repeat(4000) }).filters.name ?? '')].length, 50)
})

t.test('an address is written back as short as it can be', async (t) => {
  t.equal(listAddress('/things', read({})), '/things')
  const query = read({ q: 'a&b', kind: 'a', sort: '-name', per: '50', page: '3' })
  t.equal(listAddress('/things', query), '/things?q=a%26b&kind=a&sort=-name&per=50&page=3')
  t.equal(listAddress('/things', query, { page: null, sort: 'name' }), '/things?q=a%26b&kind=a&sort=name&per=50')
  t.match(read(Object.fromEntries(new URL(listAddress('/x', query), 'http://x').searchParams)), { page: 3, q: 'a&b' })
})

const sorts = thingList.columns.filter(({ sort }) => sort)
const orders: ListQuery['sort'][] = [
  null,
  ...sorts.flatMap((column) => [false, true].map((isDescending) => ({ column, isDescending }))),
]

/** The order both databases keep: nothing before everything, the id last, in the same direction. */
function inOrder(things: Row[], sort: ListQuery['sort']): number[] {
  const name = sort?.column.name ?? 'next_on'
  const direction = (sort ? sort.isDescending : true) ? -1 : 1
  const value = (row: Row) => String(row[name] ?? '')
  const compare = (a: Row, b: Row) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a.id - b.id)
  return [...things].sort((a, b) => direction * compare(a, b)).map(({ id }) => id)
}

t.test('pages together are the whole list once, in every order', async (t) => {
  const { db, things } = await openThings(t, 47)
  for (const sort of orders) {
    const ids: number[] = []
    for (let page = 1; page <= 5; page++) {
      const found = await listPage(db, thingList, asked({ sort, page }))
      t.match(found, { page, pages: 5, total: 47, isCapped: false })
      ids.push(...found.rows.map(({ id }) => id))
    }
    t.strictSame(ids, inOrder(things, sort), `${sort?.column.name} ${sort?.isDescending}`)
  }
})

t.test('a page behind the end is the last one, and an empty list has one page', async (t) => {
  const { db, things } = await openThings(t, 11)
  for (const page of [3, 100_000_000]) {
    const found = await listPage(db, thingList, asked({ page }))
    t.match(found, { page: 2, pages: 2, total: 11 })
    t.strictSame(
      found.rows.map(({ id }) => id),
      inOrder(things, null).slice(10),
    )
  }
  t.match(await listPage(db, thingList, asked({ filters: { name: 'nobody' }, page: 9 })), {
    rows: [],
    total: 0,
    pages: 1,
  })
})

t.test('filters narrow, alone and together, days to the day', async (t) => {
  const { db, things } = await openThings(t, 47)
  const ask = async (filters: Record<string, string>) =>
    (await listPage(db, thingList, asked({ filters, per: 100 }))).rows
  const day = (row: Row) => String(row.next_on ?? '')
  const cases: [Record<string, string>, (row: Row) => boolean][] = [
    [{ kind: 'a' }, ({ kind }) => kind === 'a'],
    [{ next_on_from: '2026-05-12' }, (row) => day(row) >= '2026-05-12'],
    [{ next_on_to: '2026-05-12' }, (row) => day(row) !== '' && day(row) <= '2026-05-12'],
    [
      { next_on_from: '2026-05-12', next_on_to: '2026-05-12', kind: 'b' },
      (row) => day(row) === '2026-05-12' && row.kind === 'b',
    ],
  ]
  for (const [filters, isWanted] of cases)
    t.strictSame(
      (await ask(filters)).map(({ id }) => id),
      inOrder(things.filter(isWanted), null),
      JSON.stringify(filters),
    )
})

t.test('counting stops at its limit', async (t) => {
  const { db } = await openThings(t, 30)
  const count = (limit: number) => countUpTo(db, filtered(db, thingList, asked()), thingList.table, limit)
  t.strictSame(await count(29), { total: 29, isCapped: true })
  t.strictSame(await count(30), { total: 30, isCapped: false })
})

t.test('a walk gives every row once and in order, over any number of chunks', async (t) => {
  const { db, things } = await openThings(t, 1203)
  const walked = async (list: List, query: ListQuery, limit?: number) => {
    const ids: number[] = []
    for await (const { id } of walk(db, list, query, limit)) ids.push(id)
    return ids
  }
  for (const sort of orders)
    t.strictSame(
      await walked(thingList, asked({ sort })),
      inOrder(things, sort),
      `${sort?.column.name} ${sort?.isDescending}`,
    )
  const byId: List = { ...thingList, order: { column: 'things.id', order: 'desc' } }
  t.strictSame(await walked(byId, asked()), things.map(({ id }) => id).reverse())
  t.strictSame(await walked(thingList, asked(), printLimit), inOrder(things, null).slice(0, printLimit))
  t.strictSame(await walked(thingList, asked({ filters: { name: 'nobody' } })), [])
})
