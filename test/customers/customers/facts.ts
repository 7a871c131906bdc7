import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { addPerson, everyRightWithin, signedIn } from '../../people/roles/fixtures/people.ts'
import { create, fieldsIn } from './fixtures/customers.ts'

const { app, db, as } = await buildTestApp(t)
const admin = await as('韩梅梅')
const id = await create(admin, { phone: '0431-84978981' })
const card = `/customers/${id}`
const fact = (name: string) => `${card}/facts/${name}`
const stored = () => db('customers').where({ id }).first()

t.test('one fact is changed where it stands, and nothing else', async (t) => {
  const link = (await admin.get(card)).page.querySelector('#edit-phone')
  t.equal(link?.getAttribute('href'), fact('phone'), 'without script it leads to a page')
  const form = await admin.get(fact('phone'))
  t.strictSame(Object.keys(fieldsIn(form)).sort(), ['phone', 'version'])
  const saved = await admin.post(fact('phone'), { ...fieldsIn(form), phone: '0431-11111111', name: '别的' })
  t.match([saved.status, saved.location], [303, card])
  t.match(await stored(), { phone: '0431-11111111', name: '长春明日科技有限公司', version: 2 })
  t.match((await admin.get(card)).page.querySelector('.timeline > li')?.text, '0431-11111111')
  const refused = await admin.post(fact('email'), { version: '2', email: '不对' })
  t.match([refused.status, refused.page.querySelector('#fact-email-email-error')?.text], [422, /邮箱/])
  t.equal(refused.page.querySelector('[name=email]')?.getAttribute('value'), '不对', 'what was typed stays')
  t.equal((await admin.post(fact('name'), { version: '2', name: '' })).status, 422)
  const early = await admin.post(fact('next_contact_on'), { version: '2', next_contact_on: '2020-01-01' })
  t.match([early.status, early.page.querySelector('.error')?.text], [422, /不能早于/], 'with the rest of the record')
  t.match(await stored(), { version: 2 })
})

t.test('province, city and district are one fact', async (t) => {
  const link = (await admin.get(card)).page.querySelector('#edit-province_code')
  t.equal(link?.getAttribute('href'), fact('province_code'))
  t.equal((await admin.get(fact('city_code'))).status, 404)
  const form = fieldsIn(await admin.get(fact('province_code')))
  t.strictSame(Object.keys(form).sort(), ['city_code', 'district_code', 'province_code', 'version'])
  const { version } = await stored()
  const chosen = { ...form, province_code: '220000', city_code: '', district_code: '' }
  const next = await admin.post(fact('province_code'), { ...chosen, refresh: 'city_code' })
  t.match([next.status, next.page.querySelector('[name=city_code]')?.text], [200, /长春市/], 'cities of the province')
  t.match(await stored(), { version, province_code: null }, 'nothing is saved meanwhile')
  const outside = { ...chosen, city_code: '110100', district_code: '' }
  t.equal((await admin.post(fact('province_code'), outside)).status, 422)
  const saved = await admin.post(fact('province_code'), { ...chosen, city_code: '220100' })
  t.match([saved.status, saved.location], [303, card])
  t.match(await stored(), { province_code: '220000', city_code: '220100', district_code: null, version: version + 1 })
  t.match((await admin.get(card)).page.querySelector('.facts-side')?.text, /吉林省 长春市/)
})

t.test('the second of two is asked, and keeps what only he changed', async (t) => {
  const { version } = await stored()
  await admin.post(fact('fax'), { version, fax: '0431-22222222' })
  const asked = await admin.post(fact('fax'), { version, fax: '0431-33333333' })
  t.match([asked.status, asked.text], [409, /0431-22222222/])
  t.match(await stored(), { fax: '0431-22222222' })
  const merged = fieldsIn(asked)
  t.equal((await admin.post(fact('fax'), { ...merged, keep_fax: 'yours' })).status, 303)
  t.match(await stored(), { fax: '0431-33333333' })
})

t.test('it asks for the right to change, and for reading what stands there', async (t) => {
  const role = await everyRightWithin(db, '看不全', { view: 'all', masks: 'phone' })
  await addPerson(db, '看不全', [role])
  const masked = await signedIn(app, '看不全')
  t.notOk((await masked.get(card)).page.querySelector('#edit-phone'))
  t.ok((await masked.get(card)).page.querySelector('#edit-short_name'))
  t.equal((await masked.get(fact('phone'))).status, 404)
  t.equal((await masked.post(fact('phone'), { version: '3', phone: '1' })).status, 404)
  await addPerson(db, '只看', [await everyRightWithin(db, '只看', { view: 'all', without: ['customers.update'] })])
  const looker = await signedIn(app, '只看')
  t.notOk((await looker.get(card)).page.querySelector('.pencil'))
  t.equal((await looker.get(fact('short_name'))).status, 403)
  t.equal((await admin.get(fact('password_hash'))).status, 404)
})

t.test('a contact is added on the card, by the main fields, and leads back there', async (t) => {
  const link = (await admin.get(card)).page.querySelector('.beside a.button')
  const address = String(link?.getAttribute('href'))
  const form = fieldsIn(await admin.get(address))
  t.notOk('nickname' in form, 'a small form')
  const wrong = await admin.post(`${card}/contacts`, { ...form, email: 'x' })
  t.equal(wrong.status, 422)
  t.equal(wrong.page.querySelector('[name=on_card]')?.getAttribute('value'), 'true')
  const added = await admin.post(`${card}/contacts`, { ...form, name: '赵六', mobile: '13700137000' })
  t.match([added.status, added.location], [303, card])
  t.match((await admin.get(card)).page.querySelector('.facts')?.text, /赵六.*13700137000/s, 'the first is the main one')
})
