import t from 'tap'
import { buildTestApp } from '../fixtures/app.ts'
import { addMany, idsIn } from './fixtures/customers.ts'

/** Above 10,000 matches a list counts no further, and walks the index of its order instead of sorting. */
t.test('a list of more than 10,000 is the same list', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [level, other]: number[] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).pluck('id')
  const count = 10_040
  const ids = await addMany(
    db,
    Array.from({ length: count }, (_, index) => ({
      name: `长春${index % 7}号`,
      level_id: index % 500 ? level : other,
      next_contact_on: index % 3 ? `2026-12-${10 + (index % 9)}` : null,
      registered_on: '2026-01-01',
    })),
  )
  const admin = await as('韩梅梅')
  const rows = await db('customers').select('id', 'name_pinyin', 'next_contact_on', 'level_id').orderBy('id')
  const first = (column: string, isAsked: (row: Record<string, unknown>) => boolean) =>
    rows
      .filter(isAsked)
      .toSorted((a, b) =>
        (a[column] ?? '') < (b[column] ?? '') ? -1 : (a[column] ?? '') > (b[column] ?? '') ? 1 : a.id - b.id,
      )
      .slice(0, 10)
      .map(({ id }) => id)
  const total = (answer: { text: string }) => /共 ([\d,]+\+?) 条/.exec(answer.text)?.[1]
  const isUsual = (row: Record<string, unknown>) => row.level_id === level
  for (const [query, column, said, isAsked] of [
    ['sort=name', 'name_pinyin', '10,040', () => true],
    [`level_id=${level}&sort=name`, 'name_pinyin', '10,019', isUsual],
    [`level_id=${level}&sort=next_contact_on`, 'next_contact_on', '10,019', isUsual],
    [`level_id=${level}&kind=company&sort=name`, 'name_pinyin', '10,000+', isUsual],
    ['q=长春&sort=name', 'name_pinyin', '10,000+', () => true],
    [`q=changchun&level_id=${level}&sort=next_contact_on`, 'next_contact_on', '10,000+', isUsual],
    [`q=号&level_id=${other}&sort=name`, 'name_pinyin', '21', (row: Record<string, unknown>) => row.level_id === other],
  ] as const) {
    const answer = await admin.get(`/customers?${query}`)
    t.equal(total(answer), said, query)
    t.strictSame(idsIn(answer), first(column, isAsked), query)
  }
  t.strictSame(idsIn(await admin.get('/customers?page=1004')), ids.slice(0, 10).toReversed(), 'the last page')
  t.strictSame(idsIn(await admin.get('/customers?q=changchun')), ids.slice(-10).toReversed(), 'the newest first')
  t.match((await admin.get('/customers?q=长春&page=1000')).status, 200)
})
