import t from 'tap'
import { readConditions } from '../../../src/analysis/analyses/conditions.ts'
import { countRows } from '../../../src/analysis/analyses/counts.ts'
import { daysOf } from '../../../src/analysis/analyses/relative-periods.ts'
import { customersCounted as source } from '../../../src/customers/customers/counted.ts'
import { today } from '../../../src/kernel/china/clock.ts'
import { currentRevision } from '../../../src/kernel/db/cache-revision.ts'
import { referenceAt } from '../../../src/kernel/reference.ts'
import { everybody } from '../../../src/kernel/web/viewers.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { actor } from '../../fixtures/world.ts'
import { addPerson, signedIn } from '../../people/roles/fixtures/people.ts'
import { entryId, withCustomers, withLevels } from './fixtures/customers.ts'
import { tableOf } from './fixtures/table.ts'

const levels = '/analysis/customer-levels'

t.test('period, owner and province narrow what is counted, both ends included', async (t) => {
  const { db, as } = await buildTestApp(t)
  const level_id = await entryId(db, 'customer-levels', 'VIP客户')
  const she = await as('韩梅梅')
  const her = await db('users').where({ name: '韩梅梅' }).first('id')
  await withCustomers(db, [
    { level_id, registered_on: '2026-01-01' },
    { level_id, registered_on: '2026-06-30', province_code: '220000' },
    { level_id, registered_on: '2026-07-01', owner_id: her.id },
    { registered_on: '2026-06-30', province_code: '220000', owner_id: her.id },
  ])
  const counted = async (query: string) => {
    const rows = tableOf(await she.get(`${levels}?${query}`))
    return [rows[0]?.[1], rows.at(-1)?.[1]]
  }
  t.same(await counted(''), ['3', '4'])
  t.same(await counted('registered_on_from=2026-01-01&registered_on_to=2026-06-30'), ['2', '3'])
  t.same(await counted('registered_on_from=2026-07-01'), ['1', '1'])
  t.same(await counted('registered_on_to=2026/1/1'), ['1', '1'])
  t.same(await counted(`owner_id=${her.id}`), ['1', '2'])
  t.same(await counted('province_code=220000'), ['1', '2'])
  t.same(await counted(`province_code=220000&owner_id=${her.id}`), ['0', '1'])
  t.same(await counted('sort=1&q=%E5%90%89'), ['3', '4'], 'what narrows no analysis is left out')
  for (const unknown of ['owner_id=99999', 'province_code=xx', 'cross=nothing', 'department_id=99999'])
    t.equal((await she.get(`${levels}?${unknown}`)).status, 422, `${unknown} is said, not left out`)
})

t.test('what was chosen stays chosen', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1 })
  const { page } = await (await as('李雷')).get(`${levels}?registered_on_to=2026-12-31&province_code=220000`)
  t.equal(page.querySelector('[name=registered_on_to]')?.getAttribute('value'), '2026-12-31')
  t.equal(page.querySelector('[name=province_code] [selected]')?.getAttribute('value'), '220000')
  t.ok(page.querySelector(`form[method=get][action="${levels}"] button`))
})

t.test('a day that does not exist and a period that ends before it begins are told at the field', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1 })
  const he = await as('李雷')
  for (const path of [levels, `${levels}.pdf`]) {
    const bad = await he.get(`${path}?registered_on_from=2026-02-30&owner_id=3`)
    t.equal(bad.status, 422)
    t.match(bad.page.querySelector('#conditions-registered_on_from-error')?.text, '日期应为真实存在的日期')
    const input = bad.page.querySelector('#conditions-registered_on_from')
    t.equal(input?.getAttribute('value'), '2026-02-30')
    t.equal(input?.getAttribute('type'), 'text')
    t.equal(bad.page.querySelector('[name=owner_id] [selected]')?.getAttribute('value'), '3')
    t.notOk(bad.page.querySelector('svg.chart'))
  }
  const reversed = await he.get(`${levels}?registered_on_from=2026-03-02&registered_on_to=2026-03-01`)
  t.equal(reversed.status, 422)
  t.match(reversed.page.querySelector('#conditions-registered_on_to-error')?.text, '结束日期不能早于开始日期')
  t.equal(reversed.page.querySelector('[name=registered_on_from]')?.getAttribute('value'), '2026-03-02')
  t.equal((await he.get(`${levels}?registered_on_from=2026-03-01&registered_on_to=2026-03-01`)).status, 200)
})

t.test('nobody found is told, with a way back', async (t) => {
  const { db, as } = await buildTestApp(t)
  await withLevels(db, { VIP客户: 1 })
  const { status, text, page } = await (await as('李雷')).get(`${levels}?registered_on_to=2000-01-01`)
  t.equal(status, 200)
  t.match(text, '没有符合条件的客户')
  t.ok(page.querySelector(`a[href="${levels}"]:not(.side a)`))
})

t.test('the tallies and the rows say the same', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [first] = await withLevels(db, { VIP客户: 3, 普通客户: 2, '': 2 })
  await withCustomers(db, [{ source_id: await entryId(db, 'customer-sources', '展会') }])
  await (await as('韩梅梅')).post(`/customers/${first}/deletion`, { version: 1 })
  const reference = await referenceAt(db, await currentRevision(db))
  for (const analysis of source.analyses.filter(({ way }) => way !== 'growth')) {
    const { column } = analysis
    const none = readConditions({}, { reference, viewer: everybody, source, analysis })
    const values = analysis.options(reference, {}).map(({ value }) => value)
    const tallied = await source.quick?.counts(column, {}, 'all')?.(db, values)
    if (!tallied) throw new Error(`${column} is not tallied`)
    const counted = await countRows(db, column, values, none)
    t.equal(tallied.total, 7)
    t.equal(counted.total, 7)
    for (const value of values)
      t.equal(tallied.countByValue.get(value) ?? 0, counted.countByValue.get(value) ?? 0, `${column} ${value}`)
  }
})

t.test('a period of the calendar stays one in the address, and says which days it stands for', async (t) => {
  const { db, as } = await buildTestApp(t)
  const month = daysOf('this-month', today())
  await withCustomers(db, [{ registered_on: month.from }, { registered_on: '2020-01-01' }])
  const she = await as('韩梅梅')
  const answer = await she.get(`${levels}?period=this-month&registered_on_from=2020-01-01&registered_on_to=2019-99-99`)
  t.equal(answer.status, 200, 'days beside a period do not count, not even bad ones')
  t.equal(tableOf(answer).at(-1)?.[1], '1')
  t.match(answer.text, `本月（${month.from} 至 ${month.to}）`)
  t.equal(answer.page.querySelector('[name=period] [selected]')?.getAttribute('value'), 'this-month')
  t.notOk(answer.page.querySelector('[name=registered_on_from]'), 'its days are not typed')
  const hrefs = answer.page
    .querySelectorAll('main a')
    .map((link) => String(link.getAttribute('href')).replaceAll('&amp;', '&'))
  t.ok(hrefs.includes(`${levels}.pdf?period=this-month`))
  t.ok(hrefs.includes('/analysis/customer-sources?period=this-month'))
  t.ok(hrefs.includes(`/customers?registered_on_from=${month.from}&registered_on_to=${month.to}`))
  t.equal((await she.get(`${levels}?period=this-month&compare=previous`)).status, 200, 'it may be compared')
  t.equal((await she.get(`${levels}?period=never`)).status, 422, 'one that is unknown is said')
})

t.test('whoever does not reach all customers reads so on paper, whatever else narrows them', async (t) => {
  const { app, db, as } = await buildTestApp(t)
  const department_id = await addDepartment(db, { name: '销售部' }, actor)
  const owner_id = await addPerson(db, '业务员甲', ['sales'], { department_id })
  await withCustomers(db, [{ registered_on: '2026-01-01', owner_id }])
  const [he, she] = [await signedIn(app, '业务员甲'), await as('韩梅梅')]
  const scopeIn = async (who: Browser, search: string) =>
    (await who.get(levels + search)).page.querySelector('.sheet-facts')?.text
  const query = `?registered_on_from=2026-01-01&department_id=${department_id}`
  t.match(await scopeIn(he, query), '本人数据范围内的客户')
  t.notMatch(await scopeIn(she, query), '统计范围')
  t.match(await scopeIn(she, ''), '全部客户')
})
