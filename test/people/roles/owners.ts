import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { makeCustomer } from '../../fixtures/world.ts'
import { finished, formOf, upload } from '../../operation/imports/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from './fixtures/people.ts'

const company = { kind: 'company', registered_on: '2026-05-04' }

t.test('whose a customer is can be said only by one who may hand customers over', async (t) => {
  const { app, db } = await buildTestApp(t)
  const role = await everyRightWithin(db, '不移交', { view: 'all', without: ['customers.transfer'] })
  const me = await addPerson(db, '不移交', [role])
  const other = (await db('users').where({ name: '李雷' }).first('id')).id
  const one = await signedIn(app, '不移交')
  t.notOk((await one.get('/customers/new')).page.querySelector('[name=owner_id]'))
  const made = await one.post('/customers', { ...company, name: '新公司', owner_id: other })
  t.equal((await db('customers').where({ name: '新公司' }).first()).owner_id, me, 'a new one is one own')
  t.equal(made.status, 303)
  const id = await makeCustomer(db, { name: '旧公司', owner_id: other })
  t.notOk((await one.get(`/customers/${id}/edit`)).page.querySelector('[name=owner_id]'))
  const saved = await one.post(`/customers/${id}`, {
    ...company,
    version: 1,
    name: '旧公司',
    short_name: '旧',
    owner_id: me,
  })
  t.equal(saved.status, 303)
  t.match(await db('customers').where({ id }).first(), { owner_id: other, short_name: '旧' })
  const file = '客户名称,所属人员\r\n别人的公司,李雷\r\n自己的公司,不移交\r\n没写的公司,\r\n'
  const sent = await upload(one, file, { fileName: '客户.csv', kind: 'customers' })
  const mapping = sent.location as string
  await one.post(mapping, formOf(await one.get(mapping), '#mapping'))
  const checked = await finished(one, (sent.location as string).replace('/mapping', ''))
  t.match(checked.text, /没有移交客户的权限/)
  const admin = await signedIn(app, '韩梅梅')
  t.ok((await admin.get('/customers/new')).page.querySelector('[name=owner_id]'))
})
