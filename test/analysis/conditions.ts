import t from 'tap'
import { analyses } from '../../src/analysis/analyses.ts'
import { readConditions } from '../../src/analysis/conditions.ts'
import { countBy, countRows } from '../../src/analysis/counts.ts'
import { currentRevision } from '../../src/db/revision.ts'
import { referenceAt } from '../../src/reference.ts'
import { everybody } from '../../src/web/viewer.ts'
import { buildTestApp } from '../fixtures/app.ts'
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
  t.same(await counted('owner_id=99999&province_code=xx&sort=1&q=%E5%90%89'), ['3', '4'])
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
  const none = readConditions({}, { reference, viewer: everybody })
  for (const { filter } of analyses) {
    const values = filter.options(reference, {}).map(({ value }) => value)
    const tallied = await countBy(db, filter.name, values, none)
    const counted = await countRows(db, filter.name, values, none)
    t.equal(tallied.total, 7)
    t.equal(counted.total, 7)
    for (const value of values)
      t.equal(tallied.countByValue.get(value) ?? 0, counted.countByValue.get(value) ?? 0, `${filter.name} ${value}`)
  }
})
