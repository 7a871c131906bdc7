import t from 'tap'
import { bumpRevision } from '../../../src/kernel/db/cache-revision.ts'
import { addDepartment } from '../../../src/people/departments/department.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { actor } from '../../fixtures/world.ts'
import { entryId, withCustomers } from './fixtures/customers.ts'
import { linksOf, tableOf } from './fixtures/table.ts'

const used = (rows: string[][]) => rows.filter(([, count]) => count !== '0')

t.test('every dictionary of the customer file has its analysis, and each leads to the others', async (t) => {
  const { db, as } = await buildTestApp(t)
  const he = await as('李雷')
  const fields = {
    'customer-types': ['type_id', 'customer-types'],
    'customer-states': ['status_id', 'customer-states'],
    'customer-industries': ['industry_id', 'industries'],
    'customer-ownerships': ['ownership_id', 'ownerships'],
    'customer-importances': ['importance_id', 'importances'],
    'customer-credit': ['credit_rating_id', 'credit-ratings'],
    'customer-regions': ['region_id', 'sales-regions'],
  }
  for (const [name, [column = '', dictionary]] of Object.entries(fields)) {
    const entry = await db('dictionary_entries').where({ dictionary }).orderBy('position').first()
    await withCustomers(db, [{ [column]: entry.id }])
    const answer = await he.get(`/analysis/${name}`)
    const row = tableOf(answer).find(([label]) => label === entry.label)
    t.equal(row?.[1], '1', name)
    t.match((await he.get(String(linksOf(answer)[entry.label]))).text, '共 1 条')
    t.equal(answer.page.querySelectorAll('nav.analyses a').length, 13)
  }
})

t.test('places lead from the provinces to the cities and districts', async (t) => {
  const { db, as } = await buildTestApp(t)
  const jilin = { province_code: '220000', city_code: '220100' }
  await withCustomers(db, [
    { ...jilin, district_code: '220104' },
    { ...jilin, district_code: '220102' },
    { province_code: '220000', city_code: '220200' },
    { province_code: '220000' },
    { province_code: '110000', district_code: '110105' },
    {},
  ])
  const he = await as('李雷')
  const places = '/analysis/customer-places'
  const provinces = await he.get(places)
  t.same(tableOf(provinces), [
    ['吉林省', '4', '66.7%'],
    ['北京市', '1', '16.7%'],
    ['未填写', '1', '16.6%'],
    ['合计', '6', '100.0%'],
  ])
  const deeper = (answer: typeof provinces, name: string) =>
    answer.page
      .querySelectorAll('.analysis-table a.deeper')
      .find((link) => link.text === name)
      ?.getAttribute('href')
      ?.replaceAll('&amp;', '&') as string
  const cities = await he.get(deeper(provinces, '吉林省'))
  t.same(
    tableOf(cities).map(([label, count]) => [label, count]),
    [
      ['长春市', '2'],
      ['吉林市', '1'],
      ['未填写', '1'],
      ['合计', '4'],
    ],
  )
  t.match((await he.get(String(linksOf(cities).长春市))).text, '共 2 条')
  t.match((await he.get(String(linksOf(cities).未填写))).text, '共 1 条')
  const districts = await he.get(deeper(cities, '长春市'))
  t.same(
    tableOf(districts).map(([label]) => label),
    ['南关区', '朝阳区', '合计'],
  )
  t.notOk(districts.page.querySelector('a.deeper'))
  const capital = await he.get(deeper(provinces, '北京市'))
  t.same(tableOf(capital)[0], ['朝阳区', '1', '100.0%'], 'a municipality has districts, no cities')
})

t.test('people and departments, with those below, and the numbers lead to their customers', async (t) => {
  const { db, as } = await buildTestApp(t)
  const top = await addDepartment(db, { name: '销售中心' }, actor)
  const east = await addDepartment(db, { name: '华东一部', parent_id: top }, actor)
  const idOf = async (name: string) => (await db('users').where({ name }).first('id')).id
  const [li, han, wang] = [await idOf('李雷'), await idOf('韩梅梅'), await idOf('王芳')]
  await db('users').where({ id: li }).update({ department_id: east })
  await db('users').where({ id: han }).update({ department_id: top })
  await bumpRevision(db)
  await withCustomers(db, [{ owner_id: li }, { owner_id: li }, { owner_id: han }, { owner_id: wang }])
  const she = await as('韩梅梅')
  const owners = await she.get('/analysis/customer-owners')
  t.same(tableOf(owners)[0], ['李雷', '2', '50.0%'])
  const all = await she.get('/analysis/customer-departments')
  t.same(
    tableOf(all).map(([label, count]) => [label, count]),
    [
      ['销售中心', '3'],
      ['未分配部门', '1'],
      ['合计', '4'],
    ],
  )
  for (const [label, count] of [
    ['销售中心', 3],
    ['未分配部门', 1],
  ])
    t.match((await she.get(String(linksOf(all)[label as string]))).text, `共 ${count} 条`)
  const below = await she.get(`/analysis/customer-departments?department_id=${top}`)
  t.same(
    tableOf(below).map(([label, count]) => [label, count]),
    [
      ['华东一部', '2'],
      ['（本部门直属）', '1'],
      ['合计', '3'],
    ],
  )
  t.match((await she.get(String(linksOf(below)['（本部门直属）']))).text, '共 1 条')
  const levels = await she.get(`/analysis/customer-levels?department_id=${east}`)
  t.equal(tableOf(levels).at(-1)?.[1], '2')
  t.match(levels.text, '华东一部（含下级）')
  t.match((await she.get(String(linksOf(levels).未填写))).text, '共 2 条')
})

t.test('two people of different range get different numbers on page, PDF and workbook', async (t) => {
  const { db, as } = await buildTestApp(t)
  const level_id = await entryId(db, 'customer-levels', 'VIP客户')
  const her = await db('users').where({ name: '韩梅梅' }).first('id')
  await withCustomers(db, [{ level_id }, { level_id, owner_id: her.id }, { owner_id: her.id }])
  const role = await db('roles').where({ code: 'user' }).first('id')
  await db('role_ranges').where({ role_id: role.id, kind: 'view' }).update({ range: 'own' })
  await bumpRevision(db)
  const [he, she] = [await as('李雷'), await as('韩梅梅')]
  const counted = async (one: typeof he, query = '') =>
    used(tableOf(await one.get(`/analysis/customer-levels${query}`))).map(([label, count]) => [label, count])
  t.same(await counted(she), [
    ['VIP客户', '2'],
    ['未填写', '1'],
    ['合计', '3'],
  ])
  t.same(await counted(he), [
    ['VIP客户', '1'],
    ['合计', '1'],
  ])
  t.same(await counted(he, `?owner_id=${her.id}`), [], 'nobody else’s by a condition either')
  const cross = tableOf(await he.get('/analysis/customer-owners?cross=customer-levels'))
  t.same(
    cross.map(([label]) => label),
    ['李雷', '合计'],
  )
  t.match((await he.get('/analysis/customer-levels')).text, '本人数据范围内的客户')
  t.equal(
    tableOf(await he.get('/analysis/customer-growth?registered_on_from=2026-03-01&registered_on_to=2026-03-31')).at(
      -1,
    )?.[1],
    '1',
  )
})
