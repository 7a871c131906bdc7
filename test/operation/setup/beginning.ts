import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { readSettings } from '../../../src/kernel/settings/settings.ts'
import { presetInstallation } from '../../../src/operation/setup/installation.ts'
import { browser, buildTestApp, password } from '../../fixtures/app.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { makeContact, makeCustomer } from '../../fixtures/world.ts'
import { addPerson, signedIn } from '../../people/roles/fixtures/people.ts'

t.test('a new installation has no area code until the guide has asked', async (t) => {
  const { db, drop } = await openTestDatabase()
  await presetInstallation(db, password)
  const app = await buildApp(readConfig({ DATABASE_URL: 'sqlite::memory:', DATA_DIR: newFolder(t) }), db)
  t.teardown(async () => {
    await app.close()
    await drop()
  })
  t.equal((await readSettings(db)).areaCode, '')
  const one = browser(app, {})
  await one.post('/login', { username: 'mr', password })
  const page = await one.get('/setup/company')
  const field = page.page.querySelector('[name=areaCode]')
  t.equal(field?.getAttribute('value'), '')
  t.ok(field?.hasAttribute('required'))
  const version = page.page.querySelector('[name=version]')?.getAttribute('value') as string
  const without = await one.post('/setup/company', { name: '明日科技', areaCode: '', version })
  t.equal(without.status, 422)
  t.match(without.page.querySelector('#company-areaCode-error')?.text, '请填写本地区号')
  t.equal((await one.post('/setup/company', { name: '明日科技', areaCode: '010', version })).status, 303)
  t.equal((await readSettings(db)).areaCode, '010')
})

t.test('salespeople delete their own customers into the bin and restore them, nobody else’s', async (t) => {
  const { app, db } = await buildTestApp(t)
  const owner_id = await addPerson(db, '小卖', ['sales'])
  const one = await signedIn(app, '小卖')
  const [own, other] = [await makeCustomer(db, { owner_id }), await makeCustomer(db)]
  const contact = await makeContact(db, own)
  t.equal((await one.post(`/customers/${own}/contacts/${contact}/deletion`, { version: 1 })).status, 303)
  const { version } = await db('customers').where({ id: own }).first('version')
  t.equal((await one.post(`/customers/${own}/deletion`, { version })).status, 303)
  t.not((await db('customers').where({ id: own }).first()).deleted_at, null)
  t.equal((await one.post(`/customers/${other}/deletion`, { version: 1 })).status, 404)
  t.equal((await one.get('/recycle-bin')).status, 200)
  t.equal((await one.post(`/recycle-bin/customers/${own}/restoration`, { version: version + 1 })).status, 303)
  t.equal((await db('customers').where({ id: own }).first()).deleted_at, null)
  t.equal((await one.get(`/recycle-bin/customers/${own}/purge`)).status >= 403, true, 'for good is not theirs')
})
