import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { setLastId } from '../../../src/kernel/db/schema.ts'
import { showCount } from '../../../src/kernel/web/formatting.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { addMany, idsIn } from './fixtures/customers.ts'

/** Above 10,000 matches a list counts no further, and walks the index of its order instead of sorting. */
t.test('a list of more than 10,000 is the same list', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const [level, other]: number[] = await db('dictionary_entries').where({ dictionary: 'customer-levels' }).pluck('id')
  const tagNamed = async (name: string) =>
    (await db('tags').insert({ name, name_key: name, name_pinyin: 'biaoqian', version: 1 }).returning('id'))[0].id
  const [tag, otherTag] = [await tagNamed('重点'), await tagNamed('其他')]
  await bumpRevision(db)
  const count = 10_040
  const ids = await addMany(
    db,
    Array.from({ length: count }, (_, index) => ({
      name: `${index % 500 ? '长春' : '长城'}${index % 7}号`,
      level_id: index % 500 ? level : other,
      tag_ids: index % 500 ? String(tag) : String(otherTag),
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
  const besideIn = async (query: string, id: number) => {
    const { page } = await admin.get(`/customers/${id}?list=${encodeURIComponent(query)}`)
    const links = ['prev', 'next'].map((rel) => page.querySelector(`.walk a[rel=${rel}]`)?.getAttribute('href'))
    return links.map((href) => (href === undefined ? href : Number(/^\/customers\/(\d+)\?/.exec(href)?.[1])))
  }
  const isUsual = (row: Record<string, unknown>) => row.level_id === level
  for (const [query, column, said, isAsked] of [
    ['sort=name', 'name_pinyin', '10,040', () => true],
    [`level_id=${level}&sort=name`, 'name_pinyin', '10,019', isUsual],
    [`level_id=${level}&sort=next_contact_on`, 'next_contact_on', '10,019', isUsual],
    [`level_id=${level}&kind=company&sort=name`, 'name_pinyin', '10,000+', isUsual],
    ['q=长春&sort=name', 'name_pinyin', '10,000+', isUsual],
    [`q=changchun&level_id=${level}&sort=next_contact_on`, 'next_contact_on', '10,000+', isUsual],
    [`tag_id=${tag}&sort=name`, 'name_pinyin', '10,019', isUsual],
    [`q=长春&tag_id=${tag}&sort=name`, 'name_pinyin', '10,000+', isUsual],
    [`f=level_id:in:${level}&kind=company&sort=name`, 'name_pinyin', '10,000+', isUsual],
    [`f=tag_ids:in:${tag}&kind=company&sort=name`, 'name_pinyin', '10,000+', isUsual],
    ['f=source_id:empty&kind=company&sort=name', 'name_pinyin', '10,000+', () => true],
    [`q=号&level_id=${other}&sort=name`, 'name_pinyin', '21', (row: Record<string, unknown>) => row.level_id === other],
  ] as const) {
    const answer = await admin.get(`/customers?per=10&${query}`)
    t.equal(total(answer), said, query)
    const ids = idsIn(answer)
    t.strictSame(ids, first(column, isAsked), query)
    for (const at of [0, 1])
      t.strictSame(await besideIn(query, ids[at] as number), [ids[at - 1], ids[at + 1]], `${at} of ${query}`)
  }
  t.strictSame(idsIn(await admin.get('/customers?per=10&page=1004')), ids.slice(0, 10).toReversed(), 'the last page')
  t.strictSame(idsIn(await admin.get('/customers?per=10&q=changchun')), ids.slice(-10).toReversed(), 'the newest first')
  t.match((await admin.get('/customers?q=长春&page=1000')).status, 200)

  await t.test('it is sorted by what is chosen, one part behind the other', async (t) => {
    const newest = (isAsked: (row: Record<string, unknown>) => boolean) =>
      rows
        .filter(isAsked)
        .map(({ id }) => id)
        .reverse()
    const [usual, rare] = [newest(isUsual), newest((row) => row.level_id === other)]
    const [up, down] = [
      [...usual, ...rare],
      [...rare, ...usual],
    ]
    for (const [query, order, said] of [
      ['sort=level_id', up, '10,040'],
      ['sort=-level_id', down, '10,040'],
      [`sort=level_id&f=level_id:in:${other}`, rare, '21'],
      [`sort=-level_id&level_id=${level}`, usual, '10,019'],
      ['sort=-level_id&kind=company', down, '10,040'],
      ['sort=-level_id&kind=company&f=source_id:empty', down, '10,000+'],
      ['sort=-level_id&q=号', down, '10,000+'],
      ['sort=status_id', newest(() => true), '10,040'],
      ['sort=place', newest(() => true), '10,040'],
      ['sort=-place', newest(() => true), '10,040'],
      ['sort=owner_id', newest(() => true), '10,040'],
    ] as const) {
      const pages = said.endsWith('+') ? [1, 2, 3, 1000] : [1, 2, 3, Math.ceil(order.length / 10)]
      for (const page of pages) {
        const answer = await admin.get(`/customers?per=10&${query}&page=${page}`)
        t.equal(total(answer), said, query)
        t.strictSame(idsIn(answer), order.slice(10 * page - 10, 10 * page), `${query}, page ${page}`)
      }
    }
    for (const [query, order] of [
      ['sort=level_id', up],
      ['sort=-level_id', down],
      ['sort=-level_id&kind=company', down],
    ] as const)
      for (const at of [0, 1, 20, 21, 10_018, 10_019, 10_039])
        t.strictSame(await besideIn(query, order[at] as number), [order[at - 1], order[at + 1]], `${at} of ${query}`)
  })

  await t.test('it is sorted by telephone, by those who may read it', async (t) => {
    const [low, high] = ids.slice(500, 502)
    await db('customers').where({ id: low }).update({ phone: '0431-80000001' })
    await db('customers').where({ id: high }).update({ phone: '0431-80000002' })
    t.strictSame(idsIn(await admin.get('/customers?sort=-phone')).slice(0, 2), [high, low])
    t.strictSame(idsIn(await admin.get('/customers?per=10&sort=phone&page=1004')).slice(-2), [low, high])
    await addPerson(db, '丙', [await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })])
    const masked = await signedIn(app, '丙')
    t.strictSame(idsIn(await masked.get('/customers?sort=-phone')), idsIn(await masked.get('/customers')))
    const links = (answer: Answer) => answer.page.querySelectorAll('thead a').map((one) => one.text.trim())
    t.ok(links(await admin.get('/customers')).includes('电话'))
    t.notOk(links(await masked.get('/customers')).includes('电话'))
  })

  await t.test('all of them are selected, counted and changed, however far apart their numbers are', async (t) => {
    await setLastId(db, 'customers', 45_000)
    const far = await addMany(
      db,
      Array.from({ length: 3 }, () => ({ name: '长春远号', level_id: other as number })),
    )
    t.ok((far[0] as number) > 45_000)
    const isOther = () => db('customers').where({ level_id: other }).pluck('id')
    for (const [query, count, changed, left] of [
      [`level_id=${level}&kind=company`, '10,019', 0, 24],
      ['q=长春', '10,022', 3, 21],
      ['f=name:contains:长春', '10,022', 0, 21],
    ] as const) {
      const chosen = { query, scope: 'whole', act: 'level_id' }
      const location = (await admin.post('/customers/selections', chosen)).location as string
      t.match((await admin.get(location)).text, `${count} 个客户`, query)
      const asked = await admin.get(`${location}?level_id=${level}`)
      t.match(asked.text, `将修改 ${changed} 个客户`, query)
      const form_id = asked.page
        .querySelector('main form:not(.undo) input[name=form_id]')
        ?.getAttribute('value') as string
      const job = (await admin.post(location, { level_id: level as number, form_id })).location as string
      await app.runJobs()
      const same = showCount(Number(count.replace(',', '')) - changed)
      t.match((await admin.get(job)).text, `完成 ${changed} 个客户，${same} 个原已如此。`, query)
      t.equal((await isOther()).length, left, query)
    }
  })
})
