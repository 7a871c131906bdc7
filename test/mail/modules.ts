import t from 'tap'
import { bumpRevision } from '../../src/kernel/db/cache-revision.ts'
import { addFile } from '../../src/kernel/files/file.ts'
import type { Module } from '../../src/kernel/modules/module.ts'
import { ownDefinitions, takeUpOwnModules } from '../../src/kernel/modules/own.ts'
import { makeOwnTables } from '../../src/kernel/modules/own-table.ts'
import { addRecord } from '../../src/kernel/modules/records.ts'
import { choice, email, line } from '../../src/kernel/web/fields.ts'
import { peopleOptions } from '../../src/kernel/web/options.ts'
import { presetInstallation } from '../../src/operation/setup/installation.ts'
import { supplierContacts, suppliers } from '../../src/sales/suppliers.ts'
import type { Browser } from '../fixtures/app.ts'
import { declareFor } from '../fixtures/equipment.ts'
import { actor } from '../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../people/roles/fixtures/people.ts'
import { ownGarages } from './fixtures/garages.ts'
import { messagesOf, office, useServer } from './fixtures/office.ts'

/** Firms that belong to somebody, and their clerks: mail of a module that nothing is said of anywhere else. */
const dealers: Module = {
  name: 'dealers',
  path: '/dealers',
  label: '经销商',
  group: 'customers',
  fields: [
    { name: 'name', label: '名称', kind: line, max: 40, isRequired: true },
    { name: 'short_name', label: '简称', kind: line, max: 40 },
    { name: 'mailbox', label: '邮箱', kind: email, max: 100, mask: 'mail' },
    { name: 'owner_id', label: '业务员', kind: choice, options: peopleOptions, isRequired: true },
  ],
  title: 'name',
  owner: { by: 'owner_id' },
  acts: ['view', 'create', 'update', 'delete', 'unmask'],
  search: ['name'],
  bin: true,
}
const clerks: Module = {
  name: 'clerks',
  path: '/clerks',
  label: '店员',
  group: 'customers',
  fields: [
    { name: 'name', label: '姓名', kind: line, max: 40, isRequired: true },
    { name: 'dealer_id', label: '经销商', kind: choice, column: false, isRequired: true },
    { name: 'email', label: '邮箱', kind: email, max: 100, mask: 'mail' },
  ],
  title: 'name',
  owner: { through: 'dealer_id', module: 'dealers' },
  acts: ['view', 'create', 'update', 'delete', 'unmask'],
  search: ['name'],
}
declareFor(t, [dealers, clerks])

const { app, db, admin, server } = await office(t)
for (const module of [dealers, clerks]) await makeOwnTables(db, module)
await presetInstallation(db, null)
await useServer(admin, server)

type Rights = Parameters<typeof everyRightWithin>[2]
const person = async (name: string, rights: Rights) =>
  addPerson(db, name, [await everyRightWithin(db, name, rights)]).then(async (id) => ({
    id,
    one: await signedIn(app, name),
  }))
const keeper = await person('业主', { view: 'own' })
const other = await person('别人', { view: 'own' })
const looking = await person('只看', { view: 'all', change: 'own' })
const dealer = { name: '远方商行', short_name: '远方', mailbox: 'shop@far.example', owner_id: keeper.id }
const { id } = await addRecord(db, dealers, dealer, actor)
const clerk = await addRecord(db, clerks, { name: '王芳', dealer_id: id, email: 'wang@far.example' }, actor)
await bumpRevision(db)

const letter = { subject: '给{{客户简称}}', body: '{{称呼}}，{{客户名称}}' }
const write = (one: Browser, query: string, form: Record<string, string>) =>
  one.post(`/mail?${query}`, { ...letter, ...form })
const selected = async (one: Browser, list: string, form: Record<string, string | string[]>) =>
  (await one.post(`${list}/selections`, { act: 'mail', query: '', ...form })).location ?? ''
/** Sends to a selection; answers whom it went to. */
async function sendTo(one: Browser, list: string, ids: number[]) {
  const { location = '' } = await one.post(await selected(one, list, { scope: 'rows', ids: ids.map(String) }), letter)
  server.heard.length = 0
  await one.post(`${location}/sending`, { version: '1' })
  await app.runJobs()
  return server.heard.map(({ to }) => to[0]).sort()
}
const linksOn = async (one: Browser, address: string) =>
  (await one.get(address)).page.querySelectorAll('a').map((link) => link.getAttribute('href'))

t.test('from the card of a record, to it or to what hangs on it; the mail stands there', async (t) => {
  t.ok((await linksOn(keeper.one, `/dealers/${id}`)).includes(`/mail/new?dealer=${id}`))
  t.ok((await linksOn(keeper.one, `/clerks/${clerk.id}`)).includes(`/mail/new?clerk=${clerk.id}`))
  const form = await keeper.one.get(`/mail/new?clerk=${clerk.id}`)
  t.equal(form.page.querySelector('h1')?.text, '给 远方商行 写邮件')
  t.match(form.text, '王芳 wang@far.example')
  t.equal(form.page.querySelector('option[selected]')?.getAttribute('value'), `clerk-${clerk.id}`)
  t.equal((await write(keeper.one, `dealer=${id}`, { recipient: 'customer' })).status, 422)
  server.heard.length = 0
  for (const recipient of ['dealer', `clerk-${clerk.id}`])
    t.match((await write(keeper.one, `dealer=${id}`, { recipient })).location, /^\/mailings\//)
  await app.runJobs()
  t.match(
    server.heard.map(({ to, subject }) => [to[0], subject]),
    [
      ['shop@far.example', '给远方'],
      ['wang@far.example', '给远方'],
    ],
  )
  t.match(server.heard[1]?.text, '王芳，远方商行')
  const card = await keeper.one.get(`/dealers/${id}`)
  t.match(card.text, /邮件.*给远方.*王芳.*业主.*已发送/)
  t.match(card.text, /发送邮件.*收件人.*王芳/, 'its history tells')
  const list = await keeper.one.get('/mail')
  t.ok(list.page.querySelector(`a[href="/dealers/${id}"]`))
  const found = async (query: string) =>
    (await keeper.one.get(`/mail?${query}`)).page.querySelectorAll('tbody tr').length
  t.equal(await found('f=recipient_name:contains:王&state=sent'), 1)
  t.equal(await found('f=subject:contains:远方&created_on_from=2020-01-01'), 2)
  t.equal(await found('state=failed'), 0)
  const [message] = await messagesOf(db)
  const shown = await keeper.one.get(`/mail/${message.id}`)
  t.match(shown.text, /经销商 ?远方商行/)
  const explained = async (who: number) =>
    (await admin.get(`/access-explanation?user_id=${who}&code=/mail/${message.id}`)).text
  t.match(await explained(keeper.id), /邮件 查看 可以.*经销商 查看 可以/, 'by the range over what it hangs on')
  t.match(await explained(other.id), /邮件 查看 不可以.*经销商 查看 不可以/)
})

t.test('whoever does not reach a record has nothing of its mail, and writes to nobody there', async (t) => {
  const [message] = await messagesOf(db)
  for (const url of [`/mail/${message.id}`, `/mail/new?dealer=${id}`, `/mail/new?clerk=${clerk.id}`])
    t.equal((await other.one.get(url)).status, 404, url)
  t.notMatch((await other.one.get('/mail')).text, '给远方')
  t.equal((await write(other.one, `dealer=${id}`, { recipient: 'dealer' })).status, 404)
  t.equal((await looking.one.get(`/mail/${message.id}`)).status, 200)
  t.notOk((await linksOn(looking.one, `/dealers/${id}`)).includes(`/mail/new?dealer=${id}`))
  t.equal((await write(looking.one, `dealer=${id}`, { recipient: 'dealer' })).status, 403)
  t.strictSame(await sendTo(looking.one, '/dealers', [id]), [])
  const blind = await person('不看经销商', { view: 'all', without: ['dealers.view', 'clerks.view', 'suppliers.view'] })
  t.equal((await blind.one.get(`/mail/${message.id}`)).status, 404)
  t.equal((await blind.one.get(`/mail/new?dealer=${id}`)).status, 404)
  t.equal((await blind.one.get('/mail')).status, 200)
  t.notMatch((await blind.one.get('/mail')).text, '给远方')
  const half = await person('不看店员', { view: 'all', without: ['clerks.view'] })
  t.notMatch((await half.one.get(`/mail/new?dealer=${id}`)).text, /王芳|wang@/)
  t.equal((await write(half.one, `dealer=${id}`, { recipient: `clerk-${clerk.id}` })).status, 422)
  t.strictSame(await sendTo(half.one, '/dealers', [id]), ['shop@far.example'])
})

t.test('a masked address is written to, and nowhere learned', async (t) => {
  const masked = await person('遮盖', { view: 'all', masks: 'mail' })
  const pages = [`/mail/new?dealer=${id}`, `/dealers/${id}`, `/clerks/${clerk.id}`, '/mail', '/mail?state=sent']
  const { location: draft = '' } = await write(masked.one, `dealer=${id}`, { recipient: 'dealer', next: 'preview' })
  const whole = await selected(masked.one, '/dealers', { scope: 'whole' })
  const { location: many = '' } = await masked.one.post(whole, letter)
  await db('mail_messages').update({ answer: '550 <shop@far.example> wang@far.example' })
  pages.push(draft, `${draft}/edit`, many, ...(await messagesOf(db).pluck('id')).map((one) => `/mail/${one}`))
  for (const url of pages) {
    const { status, body } = await masked.one.get(url)
    t.equal(status, 200, url)
    t.notMatch(body, /shop@far|wang@far/, url)
  }
  t.match((await masked.one.get(draft)).text, 's****@far.example')
})

t.test('selections: each to itself, or to what hangs on it where it has no address', async (t) => {
  const silent = await addRecord(db, dealers, { name: '无信商行', owner_id: keeper.id, mailbox: null }, actor)
  const nobody = await addRecord(db, dealers, { name: '没人商行', owner_id: keeper.id, mailbox: null }, actor)
  await addRecord(db, clerks, { name: '李军', dealer_id: silent.id, email: 'li@silent.example' }, actor)
  t.strictSame(await sendTo(keeper.one, '/dealers', [id, silent.id, nobody.id]), [
    'li@silent.example',
    'shop@far.example',
  ])
  t.strictSame(await sendTo(keeper.one, '/clerks', [clerk.id]), ['wang@far.example'])
  t.notOk((await admin.get('/competitors')).body.includes('value="mail"'), 'no address, no mail')
})

t.test('what goes for good takes its mail along, what hangs on it leaves it there', async (t) => {
  const version = async ({ name }: Module, id: number) => String((await db(name).where({ id }).first()).version)
  const hanging = () => db('mail_messages').where({ record_type: 'dealers', record_id: id })
  await db('mail_messages').whereNot({ record_id: id }).delete()
  t.ok(await hanging().where({ recipient_type: 'clerks' }).first())
  const count = (await hanging()).length
  await admin.post(`/clerks/${clerk.id}/deletion`, { version: await version(clerks, clerk.id) })
  t.notOk(await db('clerks').where({ id: clerk.id }).first(), 'mail holds nothing back')
  t.strictSame([...new Set(await hanging().pluck('recipient_type'))], ['dealers'])
  t.equal((await hanging()).length, count)
  const [message] = await hanging()
  await admin.post(`/dealers/${id}/deletion`, { version: await version(dealers, id) })
  t.equal((await admin.get(`/mail/${message.id}`)).status, 404, 'in the recycle bin')
  t.match((await admin.get(`/recycle-bin/dealers/${id}/purge`)).text, `${count} 条邮件`)
  await admin.post(`/recycle-bin/dealers/${id}/purge`, { version: await version(dealers, id) })
  t.strictSame(await messagesOf(db), [])
  t.strictSame(await db('mailings').where({ record_type: 'dealers', record_id: id }), [])
})

t.test('suppliers and their people', async (t) => {
  const supplier = await addRecord(db, suppliers, { name: '北方轴承', code: 'G1', email: 'b@north.example' }, actor)
  const values = { name: '赵六', supplier_id: supplier.id, email: 'zhao@north.example' }
  const contact = await addRecord(db, supplierContacts, values, actor)
  t.strictSame(await sendTo(admin, '/suppliers', [supplier.id]), ['b@north.example'])
  t.strictSame(await sendTo(admin, '/supplier-contacts', [contact.id]), ['zhao@north.example'])
  await write(admin, `supplier=${supplier.id}`, { recipient: 'supplier' })
  await app.runJobs()
  t.match((await admin.get(`/suppliers/${supplier.id}`)).text, /给北方轴承.*给北方轴承/)
  const holder = { record_type: 'suppliers', record_id: supplier.id, record_name: '北方轴承' }
  const stored = { name: '协议.pdf', content_type: 'application/pdf', size_bytes: 9, sha256: 'x', storage_name: 'y' }
  await addFile(db, holder, 'file', { ...stored, width: null, height: null }, { ...actor, id: keeper.id })
  const unfiled = await person('不看附件', { view: 'all', without: ['files.view'] })
  for (const [one, seen] of [[admin, true] as const, [unfiled.one, false] as const]) {
    const { location = '' } = await write(one, `supplier=${supplier.id}`, { recipient: 'supplier', next: 'preview' })
    t.equal((await one.get(location)).text.includes('协议.pdf'), seen, 'its files may go with it')
  }
  t.match((await admin.get('/mail')).text, '赵六')
  const without = await person('不看供应商', { view: 'all', without: ['suppliers.view'] })
  t.notMatch((await without.one.get('/mail')).text, '北方轴承')
})

t.test('a module that rows define', async (t) => {
  await ownGarages(db)
  const module = (await ownDefinitions(db))[0]?.module as Module
  await makeOwnTables(db, module)
  await takeUpOwnModules(db)
  await presetInstallation(db, null)
  await bumpRevision(db)
  const boss = await person('车行', { view: 'all' })
  const garage = await addRecord(db, module, { name: '城东车行', mail: 'east@garage.example' }, actor)
  t.ok((await linksOn(boss.one, `/own/garages/${garage.id}`)).some((href) => href?.startsWith('/mail/new?')))
  t.strictSame(await sendTo(boss.one, '/own/garages', [garage.id]), ['east@garage.example'])
  t.match((await boss.one.get(`/own/garages/${garage.id}`)).text, /邮件.*城东车行/)
  t.match((await boss.one.get('/mail')).text, '城东车行')
  t.equal((await other.one.get('/own/nothing/selections/1/mail')).status, 404)
})
