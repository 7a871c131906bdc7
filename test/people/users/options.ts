import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { makeCustomer } from '../../fixtures/world.ts'

const path = '/profile/options'

t.test("rows a page, first page, density and signature are a person's own", async (t) => {
  const { db, as } = await buildTestApp(t)
  for (let n = 0; n < 25; n++) await makeCustomer(db)
  const [one, other] = [await as('韩梅梅'), await as('韩梅梅')]
  const li = await as('李雷')
  const rows = async (url: string) => (await one.get(url)).page.querySelectorAll('tbody tr').length
  t.equal(await rows('/customers'), 20)
  const options = { rows_per_page: '50', start_page: '/contacts', density: 'compact', signature: '韩梅梅\n销售部' }
  t.equal((await one.post(path, { ...options, version: 1 })).location, '/profile')
  t.equal(await rows('/customers'), 25)
  t.equal(await rows('/customers?per=10'), 10, 'an address that says how many is right')
  t.equal((await one.get('/')).location, '/contacts')
  t.equal((await other.get('/')).location, '/contacts', 'wherever one is signed in')
  t.ok((await one.get('/customers')).page.querySelector('body.compact'))
  t.match((await one.get(path)).page.querySelector('textarea')?.text, '销售部')
  t.equal((await li.get('/')).location, '/desk', "nobody else's")
  t.notOk((await li.get('/customers')).page.querySelector('body.compact'))
  t.equal((await one.post(path, { ...options, density: 'normal', version: 1 })).status, 409)
  t.equal((await one.post(path, { version: 2 })).location, '/profile')
  t.equal((await one.get('/')).location, '/desk')
  t.equal(await rows('/customers'), 20)
})

t.test('nobody begins where one may not go', async (t) => {
  const { db, as } = await buildTestApp(t)
  const one = await as('李雷')
  for (const start_page of ['/users', '//evil.example', 'x']) {
    t.equal((await one.post(path, { start_page, version: 1 })).status, 422, start_page)
  }
  t.equal((await one.post(path, { rows_per_page: '7', version: 1 })).status, 422)
  t.equal((await one.post(path, { density: 'tight', version: 1 })).status, 422)
  await one.post(path, { start_page: '/contacts', version: 1 })
  await db('role_permissions').where({ permission: 'contacts.view' }).delete()
  await db('revisions').increment('number', 1)
  t.equal((await one.get('/')).location, '/desk', 'a right that is gone takes the choice along')
})
