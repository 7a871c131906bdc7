import t from 'tap'
import { windowSize } from '../../../src/kernel/web/batched-scan.ts'
import { readConditions } from '../../../src/kernel/web/condition-address.ts'
import type { Condition } from '../../../src/kernel/web/conditions.ts'
import type { List } from '../../../src/kernel/web/list.ts'
import { listPage } from '../../../src/kernel/web/list-page.ts'
import { walk } from '../../../src/kernel/web/row-stream.ts'
import { asked, noReference, openThings, thingList } from '../../fixtures/things.ts'

const list: List = {
  ...thingList,
  conditions: [
    {
      name: 'name',
      label: 'name',
      column: 'things.name',
      operators: ['is', 'contains', 'empty'],
      control: 'text',
      parse: (typed) => typed,
    },
  ],
}
const where = (...conditions: string[]): Condition[] =>
  readConditions(list.conditions ?? [], conditions, noReference).conditions

t.test('a list longer than two windows is the same list', async (t) => {
  const { db, things } = await openThings(t, windowSize * 2 + 500)
  const rare = [windowSize * 2 + 400, 15_000, 9, 3]
  await db('things').whereIn('id', rare).update({ name: 'rare' })
  const byId = { ...list, order: { column: 'things.id', order: 'desc' as const } }
  const conditions = where('name:is:rare')
  const found = await listPage(db, byId, asked({ conditions, per: 10 }))
  t.match(found, { total: 4, isCapped: false, page: 1 })
  t.strictSame(
    found.rows.map(({ id }) => id),
    rare,
    'in order, from every window',
  )
  t.strictSame(
    (await listPage(db, byId, asked({ conditions, per: 3, page: 9 }))).rows.map(({ id }) => id),
    rare.slice(3),
    'a page behind the end is the last one',
  )
  for (const sort of [null, { column: list.columns[0] as never, isDescending: true }]) {
    const walked: number[] = []
    for await (const { id } of walk(db, list, asked({ conditions: where('name:contains:n'), sort }))) walked.push(id)
    t.equal(walked.length, things.length - rare.length)
    t.equal(new Set(walked).size, walked.length, 'every row once')
  }
})

t.test('much is not counted to its end, but leads on', async (t) => {
  const { db } = await openThings(t, windowSize * 2 + 500)
  const conditions = where('name:contains:n')
  const first = await listPage(db, list, asked({ conditions, per: 10 }))
  t.match(first, { total: 10_000, isCapped: true, pages: 1000 })
  const behind = await listPage(db, list, asked({ conditions, per: 10, page: 1005 }))
  t.match(behind, { page: 1005, isCapped: true })
  t.ok(behind.pages > 1005, 'there is a next page')
  t.equal(behind.rows.length, 10)
})
