import t from 'tap'
import { setLastId } from '../../src/db/schema.ts'
import { buildTestApp } from '../fixtures/app.ts'
import { addMany, idsIn } from './fixtures/customers.ts'

/** Above 10,000 matches a list counts no further, and walks the index of its order instead of sorting. */
t.test('a list of more than 10,000 is the same list', async (t) => {
  const { app, db, as } = await buildTestApp(t)
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

  await t.test('all of them are selected, counted and changed, however far apart their numbers are', async (t) => {
    await setLastId(db, 'customers', 45_000)
    const far = await addMany(
      db,
      Array.from({ length: 3 }, () => ({ name: '长春远号', level_id: other as number })),
    )
    t.ok((far[0] as number) > 45_000)
    const isOther = () => db('customers').where({ level_id: other }).pluck('id')
    for (const [query, count, changed] of [
      [`level_id=${level}&kind=company`, '10,019', '0'],
      ['q=长春', '10,043', '24'],
      ['f=name:contains:长春', '10,043', '0'],
    ] as const) {
      const chosen = { query, scope: 'whole', act: 'level_id' }
      const location = (await admin.post('/customers/selections', chosen)).location as string
      t.match((await admin.get(location)).text, `${count} 个客户`, query)
      const asked = await admin.get(`${location}?level_id=${level}`)
      t.match(asked.text, `将修改 ${changed} 个客户`, query)
      const form_id = asked.page.querySelector('main form input[name=form_id]')?.getAttribute('value') as string
      const job = (await admin.post(location, { level_id: level as number, form_id })).location as string
      await app.runJobs()
      const same = changed === '0' ? count : '10,019'
      t.match((await admin.get(job)).text, `完成 ${changed} 个客户，${same} 个原已如此。`, query)
      t.equal((await isOther()).length, changed === '0' && query.startsWith('level') ? 24 : 0, query)
    }
  })
})
