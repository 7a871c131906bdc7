import t from 'tap'
import { buildTestApp } from '../../fixtures/app.ts'
import { create, typed } from './fixtures/customers.ts'

t.test('a plain user sees, changes and prints, and is offered no more', async (t) => {
  const { db, as } = await buildTestApp(t)
  const [admin, lilei] = [await as('韩梅梅'), await as('李雷')]
  const id = await create(admin)
  await admin.post(`/customers/${id}/contacts`, { name: '单冰' })
  for (const path of [
    '',
    `/${id}`,
    `/${id}/edit`,
    `/${id}/history`,
    `/${id}/contacts`,
    `/${id}/print`,
    '/print',
    `/${id}/contacts/new`,
    `/${id}/contacts/1`,
    `/${id}/contacts/1/edit`,
  ]) {
    const { status, page } = await lilei.get(`/customers${path}`)
    t.equal(status, 200, path)
    const links = page.querySelectorAll('a').map((link) => link.getAttribute('href') ?? '')
    t.strictSame(
      links.filter((href) => /customers\/new|deletion|\.xlsx|\.csv|recycle|imports|\/users|\/dictionaries/.test(href)),
      [],
      path,
    )
  }
  for (const path of [
    '/customers/new',
    `/customers/${id}/deletion`,
    '/customers.xlsx',
    '/customers.csv',
    `/customers/${id}/contacts/1/deletion`,
    '/recycle-bin',
    '/recycle-bin/contacts',
  ])
    t.equal((await lilei.get(path)).status, 403, path)
  for (const path of [
    '/customers',
    `/customers/${id}/deletion`,
    `/recycle-bin/customers/${id}/purge`,
    `/customers/${id}/contacts/1/deletion`,
  ])
    t.equal((await lilei.post(path, typed({ version: 1 }))).status, 403, path)
  t.equal((await lilei.post(`/customers/${id}`, typed({ version: 1, phone: '0431-84978981' }))).status, 303)
  t.match(await db('customers'), [{ phone: '0431-84978981', deleted_at: null }])
})

t.test('who has no right finds nothing anywhere', async (t) => {
  const { as } = await buildTestApp(t)
  const [admin, nobody] = [await as('韩梅梅'), await as('王芳')]
  const id = await create(admin)
  await admin.post(`/customers/${id}/contacts`, { name: '单冰' })
  const paths = [
    '/customers',
    '/customers/new',
    '/customers/print',
    '/customers.xlsx',
    '/customers.csv',
    '/contacts',
    '/contacts/print',
    '/recycle-bin',
  ]
  const ofOne = [
    '',
    '/edit',
    '/history',
    '/print',
    '/deletion',
    '/contacts',
    '/contacts/new',
    '/contacts/1',
    '/contacts/1/edit',
  ].map((path) => `/customers/${id}${path}`)
  for (const path of [...paths, ...ofOne]) {
    const { status, body } = await nobody.get(path)
    t.equal(status, 403, path)
    t.notMatch(body, /长春明日|单冰|KH000001/, path)
  }
  const { page, text } = await nobody.get('/profile')
  t.strictSame(
    page
      .querySelectorAll('.side-groups a')
      .map((link) => link.getAttribute('href'))
      .filter((href) => !href?.startsWith('#')),
    ['/desk', '/tools/calculator', '/tools/calendar', '/tools/notes', '/tools/files', '/jobs'],
  )
  t.notMatch(text, '客户资料')
  for (const path of [`/customers/${id}`, '/customers', `/customers/${id}/contacts`])
    t.equal((await nobody.post(path, typed({ version: 1 }))).status, 403)
})

t.test('the administrator is offered everything', async (t) => {
  const { as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  const id = await create(admin)
  const links = async (path: string) =>
    (await admin.get(path)).page.querySelectorAll('main a').map((link) => link.getAttribute('href'))
  const list = await links('/customers')
  for (const href of ['/customers/new', '/customers/print', '/customers.xlsx', '/customers.csv'])
    t.ok(list.includes(href), href)
  const card = await links(`/customers/${id}`)
  for (const noun of ['edit', 'print', 'deletion', 'history', 'contacts'])
    t.ok(card.includes(`/customers/${id}/${noun}`), noun)
})
