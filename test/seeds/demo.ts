import t from 'tap'
import { fillDemo } from '../../seeds/demo.ts'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { readCustomer, storedTyped } from '../../src/customers/customers/form.ts'
import { today } from '../../src/kernel/china/clock.ts'
import { currentRevision } from '../../src/kernel/db/cache-revision.ts'
import { referenceAt } from '../../src/kernel/reference.ts'
import { presetInstallation } from '../../src/operation/setup/installation.ts'
import { browser } from '../fixtures/app.ts'
import { openTestDatabase } from '../fixtures/database.ts'
import { newFolder } from '../fixtures/folder.ts'

const { db, drop } = await openTestDatabase()
await presetInstallation(db, 'Unused-2026')
const dataDir = newFolder(t)
const names = await fillDemo(db, dataDir)
const app = await buildApp(readConfig({ DATABASE_URL: 'sqlite::memory:', DATA_DIR: dataDir }), db)
t.teardown(async () => {
  await app.close()
  await drop()
})
const count = async (table: string) => Number((await db(table).count({ row_count: '*' }).first())?.row_count)

t.test('a company to look at', async (t) => {
  t.equal(names.length, 8)
  t.equal(await count('departments'), 4)
  t.equal(await count('customers'), 500)
  t.equal(await count('contacts'), 748)
  const main = await db('contacts').where({ is_main: true }).groupBy('customer_id').count({ row_count: '*' })
  t.ok(
    main.every(({ row_count }) => Number(row_count) === 1),
    'one main contact each',
  )
})

t.test('its customers are such as the form would take', async (t) => {
  const reference = await referenceAt(db, await currentRevision(db))
  const customers = await db('customers')
  const errors = customers.flatMap((row) =>
    readCustomer(storedTyped(row), reference, {}).errors.map(({ message }) => [row.name, message]),
  )
  t.same(errors, [])
})

t.test('dates are around today', async (t) => {
  const { first, last } = (await db('customers')
    .min({ first: 'registered_on' })
    .max({ last: 'registered_on' })
    .first()) as Record<string, string>
  t.ok(last && first && last <= today() && last > first)
  t.ok(await db('customers').where('next_contact_on', today()).first(), 'somebody to call today')
})

t.test('its people sign in with the password that is told, without having to change it', async (t) => {
  const [administrator, ...others] = names.map((name) => name.split('/') as [string, string])
  for (const [[username, password], users, customers] of [
    [administrator, 200, 500],
    [others[0], 403, 266],
  ] as [[string, string], number, number][]) {
    const one = browser(app, {})
    t.equal((await one.post('/login', { username, password })).status, 303, username)
    t.match((await one.get('/customers')).text, `共 ${customers} 条`)
    t.equal((await one.get('/users')).status, users)
  }
})

t.test('every screen has something to show', async (t) => {
  const [username, password] = (names[0] as string).split('/') as [string, string]
  const one = browser(app, {})
  await one.post('/login', { username, password })
  const shown: [path: string, words: (string | RegExp)[]][] = [
    ['/company', ['福祉大路1618号', '91220101MA17KEHU23', '禾木晴川标志.png']],
    ['/competitors', ['沈阳北拓自动化设备有限公司', /共 5 条/]],
    ['/tags', ['年度框架协议', '可作案例']],
    ['/mail', ['已发送', '对方拒收', '发送失败', /共 12 条/]],
    ['/mail/drafts', [/共 2 条/]],
    ['/mail/templates', ['初次联系', '设备保养提醒']],
    ['/tools/notes', ['本周要办']],
    ['/desk', ['客户级别一览', '近一年客户增长', '各业务员的客户级别']],
  ]
  for (const [path, words] of shown) {
    const { status, text } = await one.get(path)
    t.equal(status, 200, path)
    for (const word of words) t.match(text, word, path)
  }
  const { record_id } = await db('files').where({ record_type: 'customers' }).first('record_id')
  const card = await one.get(`/customers/${record_id}/files`)
  const files = card.page.querySelectorAll('a[href*="/files/"]').map((link) => String(link.getAttribute('href')))
  const [pdf] = files.filter((href) => /\/files\/\d+$/.test(href)).reverse()
  t.equal((await one.get(String(pdf))).raw.subarray(0, 5).toString(), '%PDF-')
  const logo = await db('files').where({ kind: 'logo' }).first()
  t.equal((await one.get(`/company/logo/${logo.id}`)).raw.subarray(1, 4).toString(), 'PNG')
  t.notMatch(await db('mail_messages').pluck('body'), /\{\{/)
  t.ok((await db('customer_tags').count({ row_count: '*' }).first())?.row_count, 'customers with tags')
})

t.test('our own data is such as the form would take', async (t) => {
  const one = browser(app, {})
  const [username, password] = (names[0] as string).split('/') as [string, string]
  await one.post('/login', { username, password })
  const form = (await one.get('/company/edit')).page
  const typed = Object.fromEntries(
    form
      .querySelectorAll('#company input[name], form input[name]')
      .map((input) => [String(input.getAttribute('name')), input.getAttribute('value') ?? '']),
  )
  t.equal((await one.post('/company', typed)).status, 303)
})

t.test('a second start adds nothing, and a database in use is left alone', async (t) => {
  t.same(await fillDemo(db, dataDir), names)
  t.equal(await count('customers'), 500)
  t.equal(await count('users'), 9)
  const other = await openTestDatabase()
  t.teardown(other.drop)
  await presetInstallation(other.db, 'Unused-2026')
  const { id } = await other.db('users').first('id')
  const now = new Date().toISOString()
  const own = {
    code: '1',
    code_key: '1',
    name: '自己的客户',
    name_pinyin: 'z',
    name_initials: 'z',
    kind: 'company',
    owner_id: id,
    registered_on: today(),
  }
  await other.db('customers').insert({ ...own, created_at: now, updated_at: now, version: 1 })
  t.same(await fillDemo(other.db, dataDir), [])
  t.equal((await other.db('users')).length, 1)
})
