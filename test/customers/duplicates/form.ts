import type { HTMLElement } from 'node-html-parser'
import t from 'tap'
import { type Answer, buildTestApp } from '../../fixtures/app.ts'
import { typed as accepting, addMany, create, fieldsIn } from '../customers/fixtures/customers.ts'

const typed = (more: Record<string, string | number> = {}) => {
  const { is_duplicate_accepted, ...rest } = accepting(more)
  return rest
}
const box = ({ page }: Answer) => page.querySelector('#duplicates input[name=is_duplicate_accepted]')
const section = ({ page }: Answer) => page.querySelector('#duplicates') as HTMLElement
const part = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'section#duplicates' }

t.test('a customer that is there is saved only when the box says so', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const id = await create(admin, { name: '长春明日科技(吉林)有限公司', owner_id: 3 })
  const again = typed({ name: '长春明日科技（吉林）有限公司', notes: '电话里说的', form_id: 'form-0001' })
  const refused = await admin.post('/customers', again)
  t.equal(refused.status, 422)
  t.match(section(refused).text, /可能是重复客户，尚未保存.*名称相同.*长春明日科技\(吉林\)有限公司.*所属人员：李雷/s)
  t.equal(section(refused).querySelector('a')?.getAttribute('href'), `/customers/${id}`)
  t.equal(box(refused)?.hasAttribute('checked'), false)
  t.match(fieldsIn(refused), { notes: '电话里说的', name: '长春明日科技（吉林）有限公司' }.valueOf())
  t.equal((await db('customers')).length, 1)

  const saved = await admin.post('/customers', { ...fieldsIn(refused), is_duplicate_accepted: 'true' })
  t.equal(saved.status, 303)
  t.equal((await db('customers')).length, 2)
  const twice = await admin.post('/customers', { ...fieldsIn(refused), is_duplicate_accepted: 'true' })
  t.same([twice.status, twice.location], [303, saved.location], 'a double click is no duplicate')
})

t.test('a double click on a form that was not asked is no duplicate of itself', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const form = typed({ form_id: 'form-0002' })
  const first = await admin.post('/customers', form)
  t.same((await admin.post('/customers', form)).location, first.location)
})

t.test('suggestions do not hinder', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const place = { province_code: '220000', city_code: '220100' }
  await addMany(db, [{ name: '吉林省明日科技有限公司', ...place }])
  const live = await admin.get(`/customers/duplicates?name=长春明日科技有限公司&city_code=220100`, part)
  t.match(live.text, /名称相近的客户（仅供参考）.*名称相近，同城/)
  t.notOk(box(live))
  t.equal((await admin.post('/customers', typed(place))).status, 303)
})

t.test('a change of the city alone is enough for a name to be found in the other city', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await addMany(db, [{ name: '吉林省明日科技有限公司', province_code: '220000', city_code: '220100' }])
  const form = fieldsIn(await admin.get('/customers/1/edit'))
  const moved = { ...form, province_code: '220000', city_code: '220200', district_code: '' }
  t.equal((await admin.post('/customers/1', moved)).status, 303)
  const alike = async (city: string) =>
    (await admin.get(`/customers/duplicates?name=长春明日科技有限公司&city_code=${city}`, part)).text
  t.match(await alike('220200'), '名称相近，同城')
  t.notMatch(await alike('220100'), '名称相近，同城')
})

t.test('a wrong field keeps the box as it was, and the matches in sight', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await create(admin)
  const wrong = await admin.post('/customers', accepting({ email: 'nobody' }))
  t.equal(wrong.status, 422)
  t.ok(box(wrong)?.hasAttribute('checked'))
  const open = await admin.post('/customers', typed({ email: 'nobody' }))
  t.match(section(open).text, /可能已有此客户/)
  t.equal(box(open)?.hasAttribute('checked'), false)
})

t.test('a change is asked about what it brings only', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await addMany(db, [
    { name: '甲公司', phone: '0431-84978981' },
    { name: '乙公司', phone: '0431-84978981', mobile: '13800138000' },
  ])
  const form = fieldsIn(await admin.get('/customers/2/edit'))
  t.equal((await admin.post('/customers/2', { ...form, notes: '新' })).status, 303, 'the shared phone was there before')
  const next = fieldsIn(await admin.get('/customers/2/edit'))
  const refused = await admin.post('/customers/2', { ...next, name: '甲有限公司' })
  t.equal(refused.status, 422)
  t.match(section(refused).text, /名称几乎相同.*甲公司/s)
  t.equal((await db('customers').where({ id: 2 }).first()).name, '乙公司')
  t.ok(await db('customer_keys').where({ customer_id: 2, kind: 'exact', value_key: '乙公司' }).first())
  t.equal(
    (await admin.post('/customers/2', { ...next, name: '甲有限公司', is_duplicate_accepted: 'true' })).status,
    303,
  )
  const stale = await admin.post('/customers/2', { ...next, name: '甲公司' })
  t.equal(stale.status, 409, 'that somebody else saved is said first')
})

t.test('while typing: a part of the form, and a page by itself', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const form = await admin.get('/customers/new')
  t.equal(section(form).text.trim(), '')
  const link = form.page.querySelector('a[hx-target="#duplicates"]')
  t.equal(link?.getAttribute('hx-get'), link?.getAttribute('href'))
  for (const id of String(link?.getAttribute('hx-include')).split(', '))
    t.ok(form.page.querySelector(id), `${id} is a field of the form`)

  await addMany(db, [{ name: '甲公司', mobile: '13800138000' }])
  const live = await admin.get('/customers/duplicates?name=&mobile=138-0013-8000&email=half@', part)
  t.match(live.body.trim(), /^<section id="duplicates"/)
  t.match(live.text, /电话相同 甲公司 所属人员：韩梅梅/)
  t.ok(box(live))
  t.equal(section(await admin.get('/customers/duplicates?name=乙', part)).text.trim(), '')
  t.equal(section(await admin.get('/customers/duplicates?name=甲公司&except=1', part)).text.trim(), '')
  for (const except of ['x', '2147483647', '99999999999'])
    t.equal((await admin.get(`/customers/duplicates?name=甲公司&except=${except}`, part)).status, 200)

  const page = await admin.get('/customers/duplicates?name=甲公司')
  t.match(page.text, /新增前查重.*名称相同 甲公司/)
  t.notOk(box(page), 'nothing to save there')
  t.equal(page.page.querySelector('#check-name')?.getAttribute('value'), '甲公司')
  t.match((await admin.get('/customers/duplicates?name=丁')).text, /没有发现重复的客户/)
  t.match((await admin.get('/customers/duplicates')).text, /填写名称、电话/)
})

t.test('markup in a name stays text', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await create(admin, { name: '<img src=x onerror=alert(1)>' })
  const answer = await admin.get(
    `/customers/duplicates?name=${encodeURIComponent('<IMG src=x onerror=alert(1)>')}`,
    part,
  )
  t.notOk(answer.page.querySelector('img'))
  t.match(answer.body, /&lt;img src=x/)
})

t.test('who may see what', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const id = await create(admin, { name: '甲公司' })
  await admin.post(`/customers/${id}/deletion`, { version: 1 })
  const user = await as('李雷')
  const binned = await user.get('/customers/duplicates?name=甲公司', part)
  t.match(binned.text, /甲公司 所属人员：韩梅梅，在回收站中/)
  t.notOk(section(binned).querySelector('a'), 'no link to what may not be seen')
  t.equal((await admin.post('/customers', typed({ name: '甲公司' }))).status, 422)
  t.equal((await user.get('/duplicates')).status, 403)
  t.equal((await (await as('王芳')).get('/customers/duplicates?name=甲公司')).status, 403)
  t.equal((await db('customers')).length, 1)
})
