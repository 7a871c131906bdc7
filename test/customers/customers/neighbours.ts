import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { addMany } from './fixtures/customers.ts'

const walkOf = (
  page: { querySelector(s: string): { getAttribute(n: string): string | undefined } | null },
  rel: string,
) => page.querySelector(`.walk a[rel=${rel}]`)?.getAttribute('href')

t.test('previous and next walk the list the card was opened from, and back leads to it', async (t) => {
  const { db, as } = await buildTestApp(t)
  const names = ['安心', '百川', '长春明日', '长春今日', '大地', '长春昨日']
  await addMany(
    db,
    names.map((name, index) => ({
      name,
      registered_on: `2026-0${index + 1}-01`,
      kind: index % 2 ? 'person' : 'company',
    })),
  )
  const han = await as('韩梅梅')
  for (const query of [
    '',
    '?sort=name',
    '?sort=-next_contact_on',
    '?kind=company',
    '?q=%E9%95%BF%E6%98%A5',
    '?q=%E9%95%BF%E6%98%A5&sort=name',
    '?kind=person&registered_on_from=2026-03-01',
  ]) {
    const list = await han.get(`/customers${query}`)
    const hrefs = list.page
      .querySelectorAll('#list tbody tr')
      .map((row) => row.querySelector('a')?.getAttribute('href') as string)
    t.ok(hrefs.length > 1, query)
    let at: string | undefined = hrefs[0]
    const walked: string[] = []
    while (at && walked.length < 10) {
      const card = await han.get(at)
      t.equal(card.status, 200)
      t.equal(walkOf(card.page, 'prev')?.split('?')[0], walked.at(-1)?.split('?')[0], `${query} before ${at}`)
      t.equal(card.page.querySelector('.walk a[data-key=Escape]')?.getAttribute('href'), `/customers${query}`)
      walked.push(at)
      at = walkOf(card.page, 'next')
    }
    t.same(
      walked.map((href) => href.split('?')[0]),
      hrefs.map((href) => href.split('?')[0]),
      query,
    )
    const tab = (await han.get(hrefs[0] as string)).page.querySelectorAll('.tabs a').map((a) => a.getAttribute('href'))
    t.ok(
      tab.every((href) => href?.includes('?list=') === (query !== '')),
      'the tabs keep the place',
    )
  }
  const other = await han.get(`/customers/1?list=${encodeURIComponent('q=长春')}`)
  t.strictSame([walkOf(other.page, 'prev'), walkOf(other.page, 'next')], [undefined, undefined], 'not in that list')
  t.equal((await han.get('/customers/1?list=%00%ff&list=x')).status, 200, 'a hostile place is the plain list')
})
