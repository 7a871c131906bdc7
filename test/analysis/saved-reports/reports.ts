import t from 'tap'
import { text } from '../../../src/texts/index.ts'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { entryId, withLevels } from '../analyses/fixtures/customers.ts'
import { tableOf } from '../analyses/fixtures/table.ts'

const path = '/analysis/customer-levels?registered_on_from=2026-01-01&cross=customer-sources'
const linkIn = ({ page }: Answer, selector: string) =>
  page.querySelector(selector)?.getAttribute('href')?.replaceAll('&amp;', '&') as string
const newHref = (answer: Answer) => linkIn(answer, 'main .actions a[href^="/saved-reports/new"]')
let forms = 0
const formOf = ({ page }: Answer) => ({
  analysis: page.querySelector('[name=analysis]')?.getAttribute('value') as string,
  query: page.querySelector('[name=query]')?.getAttribute('value')?.replaceAll('&amp;', '&') as string,
  form_id: `saved-report-${++forms}`,
})

t.test('a report is saved under a name, stands on the start page and opens with one click', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 2, 普通客户: 1 })
  const he = await as('李雷')
  const form = await he.get(newHref(await he.get(path)))
  t.ok(form.page.querySelector('[name=is_pinned]')?.hasAttribute('checked'))
  t.notOk(form.page.querySelector('[name=is_shared]'), 'who may not share is not asked')
  const saved = await he.post('/saved-reports', { ...formOf(form), name: '每周级别', is_pinned: 'true' })
  t.equal(saved.location, path)
  t.equal((await he.get('/')).location, '/desk')
  const desk = await he.get('/desk')
  t.equal(linkIn(desk, '.desk-report h3 a'), path)
  t.match(desk.text, /每周级别.*客户级别分析.*2026-01-01 起/)
  t.ok(desk.page.querySelector('.desk-report svg.chart'))
  t.notOk(desk.page.querySelector('.desk-report svg a'))
  const opened = await he.get(path)
  t.equal(opened.page.querySelector('nav.saved [aria-current]')?.text, '每周级别')
  t.equal(tableOf(opened).at(-1)?.at(-2), '3')
  t.match(await db('events').where({ record_type: 'saved_reports' }), [{ action: 'create', record_name: '每周级别' }])
})

t.test('a report whose condition was deleted says so on the desk, and the others are drawn', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 2, 普通客户: 1 })
  const he = await as('李雷')
  const form = formOf(await he.get(newHref(await he.get(path))))
  await he.post('/saved-reports', { ...form, name: '好的', is_pinned: 'true' })
  await he.post('/saved-reports', {
    ...form,
    form_id: 'another-one',
    name: '坏的',
    query: 'level_id=999',
    is_pinned: 'true',
  })
  await db('saved_reports').where({ name: '坏的' }).update({ query: 'level_id=999' })
  const desk = await he.get('/desk')
  t.equal(desk.status, 200)
  t.equal(desk.page.querySelectorAll('.desk-report svg.chart').length, 1)
  t.match(desk.text, /坏的.*看不懂「客户级别」的条件.*请打开报表，重新选择条件。/)
  t.notMatch(desk.text, '暂无数据')
})

t.test('it is renamed, taken off the start page and deleted, by its owner alone', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [he, she] = [await as('李雷'), await as('韩梅梅')]
  await he.post('/saved-reports', {
    ...formOf(await he.get(newHref(await he.get(path)))),
    name: '甲',
    is_pinned: 'true',
  })
  const { id } = await db('saved_reports').first('id')
  const url = `/saved-reports/${id}`
  for (const one of [`${url}/edit`, `${url}/deletion`]) t.equal((await she.get(one)).status, 404)
  t.equal((await she.post(url, { name: 'x', version: 1 })).status, 404)
  t.equal((await (await as('王芳')).get(`${url}/edit`)).status, 403)
  t.equal((await he.post(url, { name: '乙', version: 1 })).location, path)
  t.match(await db('saved_reports').first(), { name: '乙', is_pinned: false, version: 2 })
  t.equal((await he.get('/')).location, '/desk')
  t.equal((await he.post(url, { name: '丙', version: 1 })).status, 409)
  t.equal((await he.post(`${url}/deletion`, { version: 2 })).status, 303)
  t.equal((await he.get(`${url}/edit`)).status, 404)
})

t.test('a name is asked for, and comes once', async (t) => {
  const { db, as } = await buildTestApp(t)
  const he = await as('李雷')
  const form = async (name: string) =>
    he.post('/saved-reports', { ...formOf(await he.get(newHref(await he.get(path)))), name })
  await form('周报')
  for (const [name, sentence] of [
    ['周报', /已有同名/],
    ['', /./],
    ['长'.repeat(31), /30/],
  ] as const) {
    const refused = await form(name)
    t.equal(refused.status, 422)
    t.match(refused.page.querySelector('#saved-report-name-error')?.text, sentence)
    t.match(refused.page.querySelector('[name=query]')?.getAttribute('value'), 'customer-sources')
  }
  t.equal((await db('saved_reports')).length, 1)
  t.equal((await he.get('/saved-reports/new?analysis=none')).status, 404)
})

t.test('a shared report shows each the numbers of the own range', async (t) => {
  const { db, as } = await buildTestApp(t)
  const level_id = await entryId(db, 'customer-levels', 'VIP客户')
  const her = await db('users').where({ name: '韩梅梅' }).first('id')
  await withLevels(db, { VIP客户: 2 })
  await withLevels(db, { VIP客户: 3 }, { owner_id: her.id, level_id })
  const { id: role_id } = await db('roles').where({ code: 'user' }).first('id')
  await db('role_ranges').where({ role_id, kind: 'view' }).update({ range: 'own' })
  await db('revisions').increment('number', 1)
  const [he, she] = [await as('李雷'), await as('韩梅梅')]
  const form = formOf(await she.get(newHref(await she.get('/analysis/customer-levels'))))
  await she.post('/saved-reports', { ...form, name: '公司级别', is_shared: 'true' })
  const his = await he.get('/analysis/customer-sources')
  const link = linkIn(his, 'nav.saved li a')
  t.equal(link, '/analysis/customer-levels')
  t.equal(tableOf(await he.get(link)).at(-1)?.[1], '2')
  t.equal(tableOf(await she.get(link)).at(-1)?.[1], '5')
  t.match((await he.get('/desk')).text, '还没有放到工作台的报表')
})

t.test('a report of a period of the calendar moves on with it', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1 })
  const he = await as('李雷')
  const form = await he.get(newHref(await he.get('/analysis/customer-levels?period=last-month')))
  t.match(form.text, /客户级别分析.*上月（/, 'what is saved stands above')
  const saved = await he.post('/saved-reports', { ...formOf(form), name: '上月级别', is_pinned: 'true' })
  t.equal(saved.location, '/analysis/customer-levels?period=last-month')
  t.match(await db('saved_reports').first('query'), { query: 'period=last-month' })
  t.match((await he.get('/desk')).text, '上月（')
})

t.test('the own reports come first, then those that others share; on the desk stand only the own', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [he, she] = [await as('李雷'), await as('韩梅梅')]
  const save = async (one: typeof he, name: string, more: Record<string, string> = {}) =>
    one.post('/saved-reports', { ...formOf(await one.get(newHref(await one.get(path)))), name, ...more })
  await save(she, 'a 共享', { is_shared: 'true', is_pinned: 'true' })
  await save(she, 'b 自用')
  for (const name of ['d', 'c']) await save(he, name)
  const saved = async (one: typeof he) => {
    const { page } = await one.get(path)
    const changed = page.querySelectorAll('nav.saved .views-acts a').map((link) => link.getAttribute('href'))
    return { names: page.querySelectorAll('nav.saved li a').map((link) => link.text), changed: changed.length }
  }
  t.strictSame(await saved(he), { names: ['c', 'd', 'a 共享'], changed: 2 }, 'of others he changes none')
  t.strictSame(await saved(she), { names: ['a 共享', 'b 自用'], changed: 2 })
  t.equal((await he.get('/')).location, '/desk', 'what she put on her desk is not on his')
  const { id } = await db('saved_reports').where({ name: 'a 共享' }).first('id')
  t.match((await she.get(`/saved-reports/${id}/deletion`)).text, text.savedReports.deletionShared)
  await db('role_permissions').where({ permission: 'analysis.share' }).delete()
  await db('revisions').increment('number', 1)
  await she.post(`/saved-reports/${id}`, { name: 'a 改名', version: 1 })
  t.match(await db('saved_reports').where({ id }).first(), { name: 'a 改名', is_shared: true, is_pinned: false })
  t.equal((await she.post(`/saved-reports/${id}`, { name: 'a 改名', is_pinned: '', version: 2 })).status, 303)
  t.equal((await db('saved_reports').where({ id }).first('version')).version, 2, 'nothing changed, nothing saved')
  await she.post(`/saved-reports/${id}/deletion`, { version: 2 })
  const acts = await db('events').where({ record_type: 'saved_reports', record_id: id }).orderBy('id').pluck('action')
  t.strictSame(acts, ['create', 'update', 'delete'])
})

t.test('four reports are drawn on the desk, the others are links', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1 })
  const he = await as('李雷')
  const form = formOf(await he.get(newHref(await he.get(path))))
  for (const name of ['1', '2', '3', '4', '5'])
    await he.post('/saved-reports', { ...form, form_id: `desk-form-${name}`, name: `报表${name}`, is_pinned: 'true' })
  const { page } = await he.get('/desk')
  t.strictSame(
    page.querySelectorAll('.desk-report h3 a').map((link) => link.text),
    ['报表1', '报表2', '报表3', '报表4'],
  )
  t.equal(page.querySelectorAll('.desk-report svg.chart').length, 4)
  t.strictSame(
    page.querySelectorAll('main ul.entries:not(:first-of-type) a, main .desk + ul.entries a').map((link) => link.text),
    ['报表5'],
  )
  t.notOk(page.querySelector('.entries a[href="/desk"]'), 'it does not lead to itself')
})
