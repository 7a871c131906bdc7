import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { movedMonth, periodBefore, spansOf, yearBefore } from '../../../src/analysis/analyses/periods.ts'
import { today } from '../../../src/kernel/china/clock.ts'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { cellsIn } from '../../fixtures/readable.ts'
import { entryId, withCustomers } from './fixtures/customers.ts'
import { tableOf } from './fixtures/table.ts'

const hrefsOf = (answer: {
  page: { querySelectorAll(query: string): { getAttribute(name: string): string | undefined }[] }
}) =>
  answer.page
    .querySelectorAll('.analysis-table tbody td a')
    .map((link) => String(link.getAttribute('href')).replaceAll('&amp;', '&'))

t.test('two fields crossed: each number leads to the customers with both', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [vip, plain] = [
    await entryId(db, 'customer-levels', 'VIP客户'),
    await entryId(db, 'customer-levels', '普通客户'),
  ]
  const [fair, web] = [await entryId(db, 'customer-sources', '展会'), await entryId(db, 'customer-sources', '公司网站')]
  await withCustomers(db, [
    { level_id: vip, source_id: fair },
    { level_id: vip, source_id: fair },
    { level_id: vip, source_id: web },
    { level_id: plain, source_id: web },
    { level_id: plain },
    { source_id: fair },
  ])
  const he = await as('李雷')
  const answer = await he.get('/analysis/customer-levels?cross=customer-sources')
  const rows = tableOf(answer)
  const heads = answer.page.querySelectorAll('.analysis-table thead th').map((cell) => cell.text.trim())
  t.same(heads, ['客户级别', '公司网站', '展会', '未填写', '合计', '占比'])
  t.same(rows[0], ['VIP客户', '1', '2', '0', '3', '50.0%'])
  t.same(rows.at(-1), ['合计', '2', '3', '1', '6', '100.0%'])
  const parts = answer.page.querySelectorAll('svg.chart .chart-part')
  t.ok(parts.length >= 6)
  const lefts = parts.map((part) => Math.round(Number.parseFloat(part.getAttribute('d')?.slice(1) ?? '') / 10))
  t.equal(new Set(lefts).size, rows.length - 1, 'the parts of a bar stand upon each other')
  for (const href of hrefsOf(answer).slice(0, 2)) t.match((await he.get(href)).text, /共 [123] 条/)
  t.match((await he.get(hrefsOf(answer)[1] as string)).text, '共 2 条')
  const none = await he.get(hrefsOf(answer)[2] as string)
  t.match(none.text, text.list.nothingFound, 'a zero leads to its list too')
  t.equal(hrefsOf(answer).length, (rows.length - 1) * (heads.length - 2), 'and so does every cell')
  t.equal(tableOf(await he.get('/analysis/customer-levels?cross=customer-levels'))[0]?.length, 3, 'not with itself')
})

t.test(
  'many columns across: the table is whole and leads everywhere, the picture names what it puts together',
  async (t) => {
    const { db, as } = await buildTestApp(t)
    const industries: { id: number; label: string }[] = await db('dictionary_entries')
      .where({ dictionary: 'industries' })
      .orderBy('position')
      .select('id', 'label')
    const level_id = await entryId(db, 'customer-levels', 'VIP客户')
    const used = industries.slice(0, 12)
    // The largest stand in the middle, so that neither the first nor the last are kept by chance.
    const counts = [1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 1, 1]
    await withCustomers(
      db,
      used.flatMap(({ id }, at) => Array.from({ length: counts[at] as number }, () => ({ industry_id: id, level_id }))),
    )
    const he = await as('李雷')
    const path = '/analysis/customer-levels'
    const answer = await he.get(`${path}?cross=customer-industries`)
    const heads = answer.page
      .querySelectorAll('.analysis-table:not(.on-paper) thead th')
      .map((cell) => cell.text.trim())
    t.same(heads, ['客户级别', ...used.map(({ label }) => label), '合计', '占比'])
    t.same(tableOf(answer).at(0), ['VIP客户', ...counts.map(String), '26', '100.0%'])
    const hrefs = hrefsOf(answer)
    for (const [at, href] of hrefs.slice(0, 12).entries()) t.match((await he.get(href)).text, `共 ${counts[at]} 条`)
    const totals = answer.page.querySelectorAll('.analysis-table tfoot a').map((link) => link.text)
    t.same(totals, [...counts.map(String), '26'])
    const parts = answer.page.querySelectorAll('svg.chart .chart-part title').map((title) => title.text)
    const named = used.filter((_, at) => counts[at] === 3).map(({ label }) => `VIP客户，${label}：3 个`)
    t.same(parts.slice(0, 1), [named[0]])
    t.same(
      [...new Set(parts)].filter((one) => one.startsWith('VIP')),
      [...named, 'VIP客户，其他 5 项：5 个'],
      'the largest stay',
    )

    const file = join(newFolder(t), 'cross.xlsx')
    await writeFile(file, (await he.get(`${path}.xlsx?cross=customer-industries`)).raw)
    const rows = await cellsIn(file)
    t.same(rows[0], ['客户级别', ...used.map(({ label }) => label), '合计', '占比（%）'])
    t.same(rows[1], ['VIP客户', ...counts.map(String), '26', '100'])
    const bands = answer.page.querySelectorAll('.analysis-table.on-paper table')
    t.same(
      bands.map((band) => band.querySelectorAll('thead th').map((cell) => cell.text.trim())),
      [
        ['客户级别', ...used.slice(0, 7).map(({ label }) => label)],
        ['客户级别', ...used.slice(7).map(({ label }) => label), '合计', '占比'],
      ],
      'on paper it goes on below',
    )
    t.same(
      bands.map((band) => band.querySelectorAll('tfoot > tr > *').map((cell) => cell.text.trim())),
      [
        ['合计', ...counts.slice(0, 7).map(String)],
        ['合计', ...counts.slice(7).map(String), '26', '100.0%'],
      ],
    )
  },
)

t.test('up to eight columns nothing is put together, nor is a narrow table taken apart', async (t) => {
  const { db, as } = await buildTestApp(t)
  const industries: number[] = await db('dictionary_entries').where({ dictionary: 'industries' }).pluck('id')
  await withCustomers(
    db,
    industries.slice(0, 8).map((industry_id) => ({ industry_id })),
  )
  const answer = await (await as('李雷')).get('/analysis/customer-levels?cross=customer-industries')
  t.equal(tableOf(answer)[0]?.length, 11)
  t.notMatch(answer.text, /其他 \d+ 项/)
  t.equal(answer.page.querySelectorAll('.analysis-table.on-paper').length, 0)
})

t.test('a period is compared with the one before, and with the year before', async (t) => {
  const { db, as } = await buildTestApp(t)
  const level_id = await entryId(db, 'customer-levels', 'VIP客户')
  await withCustomers(db, [
    { level_id, registered_on: '2026-04-01' },
    { level_id, registered_on: '2026-06-30' },
    { registered_on: '2026-05-05' },
    { level_id, registered_on: '2026-01-01' },
    { registered_on: '2026-03-31' },
    { registered_on: '2025-12-31' },
    { level_id, registered_on: '2025-06-30' },
  ])
  const he = await as('李雷')
  const quarter = '/analysis/customer-levels?registered_on_from=2026-04-01&registered_on_to=2026-06-30'
  const previous = await he.get(`${quarter}&compare=previous`)
  t.same(tableOf(previous)[0], ['VIP客户', '2', '66.7%', '1', '50.0%', '1', '100.0%'])
  t.same(tableOf(previous).at(-1), ['合计', '3', '100.0%', '2', '100.0%', '1', '50.0%'])
  t.match(previous.text, '上期 2026-01-01 至 2026-03-31')
  t.match((await he.get(hrefsOf(previous)[1] as string)).text, '共 1 条')
  const year = tableOf(await he.get(`${quarter}&compare=year`))
  t.same(year.at(-1), ['合计', '3', '100.0%', '1', '100.0%', '2', '200.0%'])
  t.same(year[5], ['未填写', '1', '33.3%', '0', '0.0%', '1', ''], 'of nothing there is no part')
})

t.test('a comparison without its period, or with a cross, is told at its field', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withCustomers(db, [{}])
  const he = await as('李雷')
  const open = await he.get('/analysis/customer-levels?compare=previous&registered_on_from=2026-01-01')
  t.equal(open.status, 422)
  t.match(open.page.querySelector('#conditions-registered_on_to-error')?.text, '须填写起止日期')
  t.equal(open.page.querySelector('[name=compare] [selected]')?.getAttribute('value'), 'previous')
  const period = 'registered_on_from=2026-01-01&registered_on_to=2026-01-31'
  const both = await he.get(`/analysis/customer-levels?compare=year&cross=customer-sources&${period}`)
  t.equal(both.status, 422)
  t.match(both.page.querySelector('#conditions-compare-error')?.text, '请只选一项')
})

t.test('growth by month: new ones, the change, all so far, and the customers behind', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withCustomers(db, [
    { registered_on: '2024-05-05' },
    { registered_on: '2025-12-31' },
    { registered_on: '2026-01-01' },
    { registered_on: '2026-02-28' },
    { registered_on: '2026-02-01' },
    { registered_on: '2025-02-11' },
  ])
  const he = await as('李雷')
  const path = '/analysis/customer-growth?registered_on_from=2025-12-15&registered_on_to=2026-02-28'
  const answer = await he.get(path)
  t.same(tableOf(answer), [
    ['2025-12', '1', '', '', '3'],
    ['2026-01', '1', '0', '0.0%', '4'],
    ['2026-02', '2', '1', '100.0%', '6'],
    ['合计', '4', '', '', '6'],
  ])
  t.equal(hrefsOf(answer)[0], '/customers?registered_on_from=2025-12-15&registered_on_to=2025-12-31')
  t.match((await he.get(hrefsOf(answer)[4] as string)).text, '共 2 条')
  const compared = await he.get(`${path}&compare=year`)
  t.same(tableOf(compared)[2], ['2026-02', '2', '1', '100.0%', '1', '100.0%', '6'])
  const yearAgo = '/customers?registered_on_from=2025-02-01&registered_on_to=2025-02-28'
  t.ok(hrefsOf(compared).includes(yearAgo), 'those of the year before too')
  const bars = compared.page
    .querySelectorAll('svg a')
    .map((link) => link.getAttribute('href')?.replaceAll('&amp;', '&'))
  t.ok(bars.includes(yearAgo), 'in the chart as well')
  const total = compared.page.querySelectorAll('.analysis-table tfoot a').map((link) => link.text)
  t.same(total, ['4', '1', '6'], 'and the totals')
  t.equal(tableOf(await he.get('/analysis/customer-growth')).length, 13, 'twelve months and the total')
  const years = await he.get('/analysis/customer-growth?registered_on_from=2020-01-01&registered_on_to=2026-12-31')
  t.same(tableOf(years)[4], ['2024', '1', '1', '', '1'])
})

t.test('what has not begun is no loss', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [now, next, last] = [0, 1, -12].map((by) => movedMonth(today().slice(0, 7), by)) as [string, string, string]
  const nextYearBefore = movedMonth(next, -12)
  await withCustomers(db, [
    { registered_on: `${now}-01` },
    { registered_on: `${last}-01` },
    { registered_on: `${nextYearBefore}-01` },
  ])
  const he = await as('李雷')
  const period = `registered_on_from=${now}-01&registered_on_to=${next}-28`
  t.same(tableOf(await he.get(`/analysis/customer-growth?${period}`)), [
    [now, '1', '', '', '3'],
    [next, '0', '', '', '3'],
    ['合计', '1', '', '', '3'],
  ])
  t.same(tableOf(await he.get(`/analysis/customer-growth?${period}&compare=year`)), [
    [now, '1', '', '', '1', '0.0%', '3'],
    [next, '0', '', '', '1', '', '3'],
    ['合计', '1', '', '', '2', '', '3'],
  ])
})

t.test('periods before', async (t) => {
  const period = (from: string, to: string) => ({ from, to })
  t.same(periodBefore(period('2026-01-01', '2026-12-31')), period('2025-01-01', '2025-12-31'))
  t.same(periodBefore(period('2026-03-01', '2026-03-31')), period('2026-02-01', '2026-02-28'))
  t.same(periodBefore(period('2026-03-10', '2026-03-19')), period('2026-02-28', '2026-03-09'))
  t.same(yearBefore(period('2024-02-01', '2024-02-29')), period('2023-02-01', '2023-02-28'))
  t.same(yearBefore(period('2025-02-28', '2025-02-28')), period('2024-02-28', '2024-02-28'))
  const spans = spansOf({ from: '2023-01-15', to: '2026-11-03' }, '2026-11-23')
  t.same(spans[0], { label: '2023', from: '2023-01-15', to: '2023-12-31' })
  t.equal(spans.at(-1)?.to, '2026-11-03')
  t.equal(spansOf({ from: '1900-01-01', to: '2199-12-31' }, '2026-11-23').length, 60)
  t.same(spansOf({ from: '2030-05-05' }, '2026-11-23'), [{ label: '2030-05', from: '2030-05-05', to: '2030-05-05' }])
})

t.test('the workbook holds the figures of the page, shares as percent', async (t) => {
  const { db, as, anyone } = await buildTestApp(t)
  const level_id = await entryId(db, 'customer-levels', 'VIP客户')
  await withCustomers(db, [{ level_id }, { level_id }, {}])
  const he = await as('李雷')
  const { raw, status, headers } = await he.get('/analysis/customer-levels.xlsx')
  t.equal(status, 200)
  t.match(headers['content-disposition'], encodeURIComponent('客户级别分析'))
  const path = join(newFolder(t), 'levels.xlsx')
  await writeFile(path, raw)
  const rows = await cellsIn(path)
  t.same(rows[0], ['客户级别', '客户数', '占比（%）'])
  t.same(rows[1], ['VIP客户', '2', '66.7'])
  t.same(rows.at(-1), ['合计', '3', '100'])
  t.match(await db('events').where({ action: 'export' }).first(), { record_type: 'analysis', user_name: '李雷' })
  t.equal((await (await as('王芳')).get('/analysis/customer-levels.xlsx')).status, 403)
  t.equal((await anyone.get('/analysis/customer-levels.xlsx')).status, 303)
})
