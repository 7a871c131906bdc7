import type { Knex } from 'knex'
import t from 'tap'
import { permissions } from '../../../src/kernel/permissions.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { readable } from '../../fixtures/readable.ts'
import { makeContact, makeCustomer } from '../../fixtures/world.ts'
import { check } from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from './fixtures/people.ts'

const secrets = {
  phone: '13912345678',
  phone2: '0431-84978981',
  fax: '0431-84978982',
  email: 'geheim@example.com',
  bank_account: '6222020200112233445',
  identity_number: '220104199001011234',
}
const ofContact = {
  mobile: '13787654321',
  office_phone: '0431-85551234',
  email: 'lianxi@example.org',
  wechat: 'wx13787654321',
}
const digits = [...Object.values(secrets), ...Object.values(ofContact)].map((text) => text.replace('-', ''))

/** Somebody with every right and a mask on everything, and a customer with all that is masked. */
async function world(t: Parameters<typeof buildTestApp>[0], without: string[] = []) {
  const { app, db } = await buildTestApp(t)
  const masks = 'bank,identity,mail,phone'
  const role = await everyRightWithin(db, '蒙面', { view: 'all', masks, without })
  const user = await addPerson(db, '蒙面人', [role])
  const id = await makeCustomer(db, { name: '密件公司', kind: 'person', ...secrets, owner_id: user })
  const contact = await makeContact(db, id)
  await db('contacts').where({ id: contact }).update(ofContact)
  const admin = await signedIn(app, '韩梅梅')
  const one = await signedIn(app, '蒙面人')
  return { app, db, id, contact, admin, one }
}

const leaks = (text: string) => {
  const plain = text.replace(/[-\s]/g, '')
  return digits.filter((secret) => plain.includes(secret.replace(/[-\s]/g, '')))
}

t.test('what is masked stands whole on no page, in no file and in no print', async (t) => {
  const { app, db, id, contact, admin, one } = await world(t)
  await admin.post(`/customers/${id}`, {
    version: 1,
    name: '密件公司',
    kind: 'person',
    registered_on: '2026-05-04',
    ...secrets,
    mobile: '13600001111',
    owner_id: 1,
  })
  const columns = [...Object.keys(secrets), 'name'].join(',')
  const own = [
    '',
    '/history',
    '/contacts',
    '/print',
    '/edit',
    '/files',
    '/deletion',
    `/contacts/${contact}`,
    `/contacts/${contact}/edit`,
    `/contacts/${contact}.vcf`,
  ].map((path) => `/customers/${id}${path}`)
  const paths = [
    ...own,
    ...['/customers', '/customers.csv', '/customers.xlsx', '/customers/print'].map(
      (path) => `${path}?columns=${columns}`,
    ),
    ...['/contacts', '/contacts.csv', '/contacts.xlsx', '/contacts/print', '/contacts.vcf'],
    ...['exact', 'phone', 'safe', 'credit'].map((kind) => `/duplicates?kind=${kind}`),
    '/audit-log',
    '/audit-log.csv',
    '/audit-log.xlsx',
    '/audit-log/print',
    '/recycle-bin',
    '/analysis/customer-levels',
  ]
  let counted = 0
  for (const path of paths) {
    const answer = await one.get(path)
    t.equal(answer.status, 200, path)
    t.strictSame(leaks(await readable(answer, app.config.dataDir)), [], path)
    counted++
  }
  const last = await db('events').max({ id: 'id' }).first()
  for (let event = 1; event <= last?.id; event++)
    t.strictSame(leaks((await one.get(`/audit-log/${event}`)).body), [], `entry ${event}`)
  t.comment(`${counted + last?.id} pages and files`)
  t.ok(leaks((await admin.get(`/customers/${id}`)).body).length > 3, 'others see it')
  t.match((await one.get(`/customers/${id}`)).text, '139****5678')
  t.match((await one.get(`/customers/${id}`)).text, '0431-****8981')
})

t.test('nobody is found by what must not be read', async (t) => {
  const { one, admin, id } = await world(t)
  const questions = (q: string) => [
    `/customers?q=${q}`,
    `/contacts?q=${q}`,
    `/customers.csv?q=${q}`,
    `/customers?q=${q}&sort=name`,
  ]
  for (const q of ['13912345678', '1234', '84978981', '0431-8497', '5555', '87654321', '密件 1391'])
    for (const path of questions(encodeURIComponent(q))) t.notMatch((await one.get(path)).text, '密件公司', path)
  t.match((await one.get('/customers?q=密件')).text, '密件公司')
  t.match((await admin.get('/customers?q=13912345678')).text, '密件公司')
  for (const f of [
    'phone:contains:1391',
    'email:is:geheim@example.com',
    'bank_account:filled',
    'identity_number:contains:2201',
  ]) {
    const [told, blind] = [await admin.get(`/customers?f=${f}`), await one.get(`/customers?f=${f}&f=name:is:无此公司`)]
    t.match(told.text, '密件公司', f)
    t.notMatch(blind.text, '密件公司', f)
    t.strictSame(
      [blind.status, blind.page.querySelectorAll('#list tbody tr').length],
      [422, 0],
      `${f}: a condition that this person cannot have is refused`,
    )
  }
  const form = await one.get('/customers?add=1')
  t.notOk(form.page.querySelector('option[value=phone]'))
  const check = `/customers/duplicates?phone=13912345678&email=geheim@example.com`
  t.notMatch((await one.get(check)).text, '密件公司')
  t.match((await admin.get(check)).text, '密件公司')
  t.match((await one.get('/customers/duplicates?name=密件公司')).text, '密件公司', `by its name it is (${id})`)
})

t.test('a form leaves out what must not be read, and saving keeps it', async (t) => {
  const { db, one, id, contact } = await world(t)
  const form = await one.get(`/customers/${id}/edit`)
  for (const name of Object.keys(secrets)) t.notOk(form.page.querySelector(`[name=${name}]`), name)
  t.ok(form.page.querySelector('[name=mobile]'), 'an empty one may be filled in')
  const saved = await one.post(`/customers/${id}`, {
    version: 1,
    name: '密件公司',
    kind: 'person',
    registered_on: '2026-05-04',
    owner_id: 1,
    mobile: '13600001111',
    phone: '',
  })
  t.equal(saved.status, 303)
  t.match(await db('customers').where({ id }).first(), { ...secrets, mobile: '13600001111' })
  const edit = await one.get(`/customers/${id}/contacts/${contact}/edit`)
  t.notOk(edit.page.querySelector('[name=office_phone]'))
  const { version, name } = await db('contacts').where({ id: contact }).first()
  t.equal((await one.post(`/customers/${id}/contacts/${contact}`, { version, name, position: '经理' })).status, 303)
  t.match(await db('contacts').where({ id: contact }).first(), { ...ofContact, position: '经理' })
})

const unmaskings = (db: Knex) => db('events').where({ action: 'unmask' })

t.test('one click shows a record whole for a while, and leaves an entry', async (t) => {
  const { db, one, id, contact } = await world(t)
  const card = await one.get(`/customers/${id}`)
  t.ok(card.page.querySelector(`form[action="/customers/${id}/unmasking"]`))
  t.equal((await one.post(`/customers/${id}/unmasking`)).location, `/customers/${id}`)
  const whole = await one.get(`/customers/${id}`)
  for (const secret of Object.values(secrets)) t.ok(whole.text.includes(secret), secret)
  t.notOk(whole.page.querySelector(`form[action="/customers/${id}/unmasking"]`))
  t.match(await unmaskings(db), [{ record_type: 'customers', record_id: id, user_name: '蒙面人' }])
  t.strictSame(
    leaks((await one.get(`/customers/${id}/contacts/${contact}`)).body),
    [],
    'its contacts are asked for apart',
  )
  await one.post(`/customers/${id}/contacts/${contact}/unmasking`)
  t.match((await one.get(`/customers/${id}/contacts/${contact}`)).text, '13787654321')
  t.notMatch((await one.get('/customers')).text, '13912345678', 'lists stay masked')
  await unmaskings(db).update({ occurred_at: new Date(Date.now() - 11 * 60_000).toISOString() })
  t.strictSame(leaks((await one.get(`/customers/${id}`)).body), [], 'the time is over')
})

t.test('without the right there is no click', async (t) => {
  const { db, one, id } = await world(t, ['customers.unmask'])
  t.notOk((await one.get(`/customers/${id}`)).page.querySelector('form[action$="/unmasking"]'))
  t.equal((await one.post(`/customers/${id}/unmasking`)).status, 403)
  t.equal((await unmaskings(db)).length, 0)
})

t.test('an import does not tell whose a telephone is', async (t) => {
  const { one, admin } = await world(t)
  const checked = async (who: Browser) => (await check(who, ['客户名称', '电话1'], [['别的公司', secrets.phone]])).text
  t.match(await checked(admin), '1 行只有电话与已有客户相同', 'what is not hidden is found')
  t.notMatch(await checked(one), '与已有客户相同')
})

t.test(
  'of several roles that show customers one that masks nothing is enough, and one that shows none is not',
  async (t) => {
    const { app, db, id } = await world(t)
    const masked = await everyRightWithin(db, '遮', { view: 'all', masks: 'phone,mail' })
    const open = await everyRightWithin(db, '不遮', { view: 'all' })
    const without = permissions().filter((name) => name.startsWith('customers.') || name.startsWith('contacts.'))
    const blind = await everyRightWithin(db, '不看客户', { view: 'all', without })
    const seen = async (name: string, roles: number[]) => {
      await addPerson(db, name, roles)
      return (await (await signedIn(app, name)).get(`/customers/${id}`)).text.includes(secrets.phone)
    }
    t.equal(await seen('一', [masked]), false)
    t.equal(await seen('二', [masked, open]), true)
    t.equal(await seen('三', [masked, blind]), false)
  },
)

t.test('a refused duplicate does not betray what is masked', async (t) => {
  const { db, one, admin } = await world(t)
  await makeCustomer(db, { name: '明面公司' })
  const form = { name: '明面公司', kind: 'company', registered_on: '2026-05-04', owner_id: 1 }
  const numbers: [string, string][] = [
    ['phone', secrets.phone],
    ['mobile', secrets.phone],
    ['email', secrets.email],
  ]
  for (const [field, value] of numbers) {
    const sent = { ...form, [field]: value }
    const [told, blind] = [await admin.post('/customers', sent), await one.post('/customers', sent)]
    for (const { status } of [told, blind]) t.equal(status, 422, 'refused by its name')
    t.match(told.text, '密件公司', 'who may read the number is told whose it is')
    t.notMatch(blind.text, '密件公司')
  }
})
