import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { entryId, withCustomers, withLevels } from './fixtures/customers.ts'
import { linksOf, tableOf } from './fixtures/table.ts'

const levels = '/analysis/customer-levels'

t.test('a row for each level in the order of the dictionary, the total last', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1, 普通客户: 5, '': 2 })
  const answer = await (await as('李雷')).get(levels)
  t.equal(answer.status, 200)
  t.same(tableOf(answer), [
    ['VIP客户', '1', '12.5%'],
    ['重点客户', '0', '0.0%'],
    ['普通客户', '5', '62.5%'],
    ['潜在客户', '0', '0.0%'],
    ['低价值客户', '0', '0.0%'],
    ['未填写', '2', '25.0%'],
    ['合计', '8', '100.0%'],
  ])
  t.match(answer.page.querySelector('svg.chart')?.getAttribute('aria-label'), '最大：普通客户 5 个')
})

t.test('a number and its bar lead to the customers behind it', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 3, 重点客户: 2, '': 1 })
  await withLevels(db, { VIP客户: 2 }, { registered_on: '2025-01-01' })
  const she = await as('韩梅梅')
  const answer = await she.get(`${levels}?registered_on_from=2026-01-01`)
  const links = linksOf(answer)
  const id = await entryId(db, 'customer-levels', 'VIP客户')
  t.equal(links.VIP客户, `/customers?registered_on_from=2026-01-01&level_id=${id}`)
  t.equal(links.未填写, '/customers?registered_on_from=2026-01-01&f=level_id%3Aempty')
  t.match((await she.get(String(links.未填写))).text, '共 1 条')
  t.equal(answer.page.querySelector('svg.chart a')?.getAttribute('href')?.replaceAll('&amp;', '&'), links.VIP客户)
  t.match((await she.get(String(links.VIP客户))).text, '共 3 条')
})

t.test('sources are counted like levels', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withCustomers(db, [{ source_id: await entryId(db, 'customer-sources', '展会') }, {}])
  const answer = await (await as('李雷')).get('/analysis/customer-sources')
  t.same(
    tableOf(answer).filter(([, count]) => count !== '0'),
    [
      ['展会', '1', '50.0%'],
      ['未填写', '1', '50.0%'],
      ['合计', '2', '100.0%'],
    ],
  )
})

t.test('deleted customers are not counted, a switched-off level only while it is in use', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [id] = await withLevels(db, { VIP客户: 2, 普通客户: 1 })
  await db('dictionary_entries').whereIn('label', ['VIP客户', '潜在客户']).update({ is_active: false })
  await bumpRevision(db)
  const she = await as('韩梅梅')
  await she.post(`/customers/${id}/deletion`, { version: 1 })
  const rows = tableOf(await she.get(levels))
  t.same(rows[0], ['VIP客户', '1', '50.0%'])
  t.notOk(rows.some(([label]) => label === '潜在客户'))
})

t.test('a company without customers is told so, without a chart', async (t) => {
  const { as } = await buildTestApp(t)
  const answer = await (await as('李雷')).get(levels)
  t.equal(answer.status, 200)
  t.match(answer.text, '还没有客户')
  t.notOk(answer.page.querySelector('svg.chart'))
})

t.test('one level may have everybody', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { 重点客户: 5 })
  const rows = tableOf(await (await as('李雷')).get(levels))
  t.same(rows[1], ['重点客户', '5', '100.0%'])
})

t.test('two hundred levels, long names and signs of HTML', async (t) => {
  const { db, as } = await buildTestApp(t)
  const labels = Array.from({ length: 200 }, (_, at) => `第${at + 1}级`)
  labels[0] = '<script>alert("客户")</script>&amp;'
  labels[1] = '长'.repeat(100)
  for (const [position, label] of labels.entries())
    await db('dictionary_entries').insert({
      dictionary: 'customer-levels',
      label,
      label_key: label,
      position: position + 10,
      is_default: false,
      is_active: true,
      version: 1,
    })
  await bumpRevision(db)
  await withLevels(db, Object.fromEntries(labels.map((label) => [label, 1])))
  const she = await as('韩梅梅')
  const answer = await she.get(levels)
  t.equal(tableOf(answer).length, 206)
  t.equal(answer.page.querySelectorAll('svg.chart .chart-bar').length, 205)
  t.equal(answer.body.split('<script>alert').length, 1)
  t.match(answer.body, '&lt;script&gt;alert(&quot;客户&quot;)&lt;/script&gt;&amp;amp;')
  t.match(answer.text, labels[1])
  t.equal((await she.get(`${levels}.pdf`)).headers['content-type'], 'application/pdf')
})

t.test('a plain user may see and print, one without a role neither; the menu leads here', async (t) => {
  const { db, as, anyone } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1 })
  const he = await as('李雷')
  t.equal((await he.get('/analysis')).location, levels)
  t.ok((await he.get(levels)).page.querySelector(`a[href="${levels}.pdf"]`))
  t.ok((await he.get(levels)).page.querySelector(`.side a[href="${levels}"][aria-current]`))
  t.equal((await he.get(`${levels}.pdf`)).status, 200)
  const she = await as('王芳')
  for (const path of ['/analysis', levels, `${levels}.pdf`]) {
    t.equal((await she.get(path)).status, 403, path)
    t.equal((await anyone.get(path)).status, 303, path)
  }
})

t.test('who may not see customers gets numbers without links, who may not print no PDF', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1 })
  await db('role_permissions').whereIn('permission', ['customers.view', 'analysis.print']).delete()
  await bumpRevision(db)
  const he = await as('李雷')
  const answer = await he.get(levels)
  t.equal(linksOf(answer).VIP客户, undefined)
  t.notOk(answer.page.querySelector('svg.chart a'))
  t.notOk(answer.page.querySelector(`a[href="${levels}.pdf"]`))
  t.equal((await he.get(`${levels}.pdf`)).status, 403)
})
