import t from 'tap'
import { type Reference, referenceAt } from '../../../src/kernel/reference.ts'
import { completeDivisions, divisionViews } from '../../../src/platform/dictionaries/division-fields.ts'
import { buildTestApp } from '../../fixtures/app.ts'

const path = '/dictionaries/divisions'

t.test('divisions are browsed from province to district, and only switched', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const provinces = await admin.get(path)
  t.equal(provinces.page.querySelectorAll('main tbody tr').length, 34)
  t.equal(provinces.page.querySelector('#division-220000 a')?.getAttribute('href'), `${path}?parent=220000`)
  t.equal(provinces.page.querySelector('#division-710000 a'), null, 'nothing below')
  const districts = await admin.get(`${path}?parent=220100`)
  t.match(districts.page.querySelector('main .tabs')?.text.replace(/\s+/g, ' '), /全国 吉林省 长春市/)
  t.match(districts.page.querySelector('#division-220104')?.text, '朝阳区')

  const switched = await admin.post(`${path}/220104/state`, { is_active: 'false' })
  t.match(switched, { status: 303, location: `${path}?parent=220100#division-220104` })
  t.match(await db('administrative_divisions').where({ code: '220104' }).first(), { is_active: false })
  t.match((await admin.get(`${path}?parent=220100`)).page.querySelector('#division-220104')?.text, '停用')
  const reference = await referenceAt(db, (await db('revisions').first('number')).number)
  t.notOk(labelsOf('district_code', { province_code: '220000', city_code: '220100' }, reference).includes('朝阳区'))
  const chosen = { province_code: '220000', city_code: '220100', district_code: '220104' }
  t.ok(labelsOf('district_code', chosen, reference).includes('朝阳区'), 'where it is chosen it stays')
  await admin.post(`${path}/220104/state`, { is_active: 'false' })
  const events = await db('events').where({ record_type: 'administrative_divisions', record_id: 220104 })
  t.match(events, [{ user_name: '韩梅梅', record_name: '朝阳区' }])
  t.equal(events.length, 1, 'switching off twice is one change')

  for (const address of [`${path}?parent=999999`, `${path}?parent=x`, `${path}/new`, `${path}/220104/deletion`])
    t.equal((await admin.get(address)).status, 404, address)
  t.equal((await admin.post(`${path}/999999/state`, { is_active: 'true' })).status, 404)
})

t.test('the fields of a form', async (t) => {
  const { db } = await buildTestApp(t)
  const reference = await referenceAt(db, 0)
  t.same(divisionViews('name', {}, reference), {}, 'other fields stay as they are')
  t.equal(labelsOf('province_code', {}, reference).length, 34)
  t.same(labelsOf('city_code', {}, reference), [])
  t.ok(labelsOf('city_code', { province_code: '220000' }, reference).includes('长春市'))
  t.ok(labelsOf('district_code', { province_code: '110000' }, reference).includes('朝阳区'), 'Beijing has one city')
  const moved = { province_code: '110000', city_code: '220100', district_code: '220104' }
  t.match(divisionViews('city_code', moved, reference), { value: '' }, 'a city elsewhere is dropped')
  t.match(divisionViews('district_code', moved, reference), { value: '' })
  t.equal(divisionViews('district_code', moved, reference).refresh, undefined)

  const complete = (province_code: string | null, city_code: string | null, district_code: string | null) => {
    const { values, errors } = completeDivisions({ province_code, city_code, district_code }, reference)
    return errors.length > 0
      ? errors.map(({ field, message }) => `${field} ${message}`)
      : [values.province_code, values.city_code, values.district_code]
  }
  t.same(complete(null, null, null), [null, null, null])
  t.same(complete(null, null, '220104'), ['220000', '220100', '220104'])
  t.same(complete('220000', null, '220104'), ['220000', '220100', '220104'])
  t.same(complete('110000', null, '110105'), ['110000', '110100', '110105'])
  t.same(complete('220000', null, null), ['220000', null, null])
  t.same(labelsOf('city_code', { province_code: '110000' }, reference), [], 'a city without a name is not offered')
  t.same(labelsOf('city_code', { province_code: '500000' }, reference), [], 'Chongqing has two of them')
  const ofChongqing = labelsOf('district_code', { province_code: '500000' }, reference)
  t.ok(ofChongqing.includes('渝中区') && ofChongqing.includes('城口县'))
  t.same(complete('110000', '市辖区', null), ['110000', null, null], 'alone it says no more than its province')
  t.same(complete('110000', '市辖区', '朝阳区'), ['110000', '110100', '110105'])
  t.same(complete('湖北', '仙桃', null), ['420000', '429000', '429004'], 'a county in the place of a city')
  t.same(complete('湖北', '仙桃市', '仙桃市'), ['420000', '429000', '429004'])
  t.same(complete('北京', '北京', '朝阳区'), ['110000', '110100', '110105'])
  t.match(complete('吉林', '朝阳区', null), [/^city_code 没有/], 'any other district is no city')
  t.same(complete('110000', '220100', null), ['city_code 长春市不属于北京市，请重新选择。'])
  t.same(complete('220000', '220200', '220104'), ['district_code 朝阳区不属于吉林市，请重新选择。'])
  t.match(complete('220100', null, null), [/^province_code 没有/])
  t.match(complete('999999', null, null), [/^province_code 没有/])
  t.match(complete('<script>', null, null), [/^province_code 没有/])

  t.same(complete('吉林', '长春', '朝阳区'), ['220000', '220100', '220104'])
  t.same(complete('吉林省', '吉林市', null), ['220000', '220200', null])
  t.same(complete('北京市', '北京市', '朝阳区'), ['110000', '110100', '110105'])
  t.same(complete(null, '重庆', null), ['500000', null, null])
  t.same(complete('广东', '东莞市', null), ['440000', '441900', null])
  t.match(complete(null, null, '朝阳区'), [/^district_code 没有/], 'there are several')
})

t.test('without script a button of the form brings the next list and keeps what was typed', async (t) => {
  const { db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const typed = { name: '长春<明日>', province_code: '220000', notes: '待办' }
  const cities = await admin.post('/customers', { ...typed, refresh: 'city_code' })
  t.equal(cities.status, 200)
  t.equal(cities.page.querySelector('[name=name]')?.getAttribute('value'), '长春<明日>')
  t.equal(cities.page.querySelector('[name=province_code] [selected]')?.getAttribute('value'), '220000')
  t.ok(cities.page.querySelector('[name=city_code] [value=220100]'))
  const first = cities.page.querySelector('#customer button')
  t.equal(first?.getAttribute('name'), undefined, 'Enter saves: the first button of the form is not the one that asks')
  const districts = await admin.post('/customers', { ...typed, city_code: '220100', refresh: 'district_code' })
  t.ok(districts.page.querySelector('[name=district_code] [value=220104]'))
  t.same(await db('customers'), [], 'nothing is saved yet')
  const mixed = await admin.post('/customers', { ...typed, province_code: '110000', city_code: '220100' })
  t.equal(mixed.status, 422)
  t.match(mixed.page.querySelector('#customer-city_code-error')?.text, '长春市不属于北京市')
})

const labelsOf = (name: string, typed: Record<string, string>, reference: Reference) =>
  (divisionViews(name, typed, reference).options ?? []).map(({ label }) => label)
