import t from 'tap'
import { bumpRevision } from '../../src/kernel/db/cache-revision.ts'
import { permissions } from '../../src/kernel/permissions.ts'
import { addMany } from '../customers/customers/fixtures/customers.ts'
import type { Browser } from '../fixtures/app.ts'
import { makeContact, makeCustomer } from '../fixtures/world.ts'
import { addPerson, everyRightWithin, signedIn } from '../people/roles/fixtures/people.ts'
import { accountForm, messagesOf, office, reachable, useServer, writeTo } from './fixtures/office.ts'

const text = { subject: '{{客户简称}}节日好', body: '{{称呼}}：{{公司名称}}祝您节日快乐。' }

t.test('a selection: one message each, none knows of the others, nobody gets two', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id: main } = await reachable(db, { name: '甲公司' }, 'main@a.example')
  const { id: own } = await reachable(db, { name: '乙公司', short_name: '乙', email: 'info@b.example' }, null as never)
  const { id: same } = await reachable(db, { name: '丙公司', email: 'INFO@b.example' }, null as never)
  const { id: silent } = await reachable(db, { name: '丁公司', email: null }, null as never)
  const ids = [main, own, same, silent].map(String)
  const { location: form = '' } = await admin.post('/customers/selections', {
    act: 'mail',
    scope: 'rows',
    query: '',
    ids,
  })
  t.match((await admin.get(form)).text, '给 4 个客户写邮件')
  t.notOk((await admin.get(form)).page.querySelector('select[name=template]'), 'no template, none to choose')
  t.equal((await admin.post(form, { ...text, body: '{{不存在}}' })).status, 422)
  const { location: draft = '' } = await admin.post(form, text)
  const preview = await admin.get(draft)
  t.match(preview.text, '丁公司 没有邮箱，不发')
  t.match(preview.text, '甲公司节日好')
  t.equal(preview.page.querySelector('form[action$="/sending"] button')?.text, '发送 2 封', 'two addresses there are')
  t.match(preview.page.querySelector('h1')?.text, '〔客户简称〕节日好')
  t.match((await admin.get(`${draft}?at=2`)).text, /节日好/)
  t.strictSame(await messagesOf(db), [], 'nothing is on its way')
  await app.runJobs()
  t.equal(server.contents, 0)
  t.match((await admin.get('/mail/drafts')).text, '节日好')
  await admin.post(`${draft}/sending`, { version: '1' })
  t.equal((await admin.post(`${draft}/sending`, { version: '1' })).status, 409, 'once')
  const [job] = await db('jobs').where({ kind: 'mail' })
  t.match(job, { total_count: 2, title: /〔客户简称〕节日好/ }, 'while it waits, too')
  await app.runJobs()
  t.strictSame(server.heard.map(({ to }) => to).sort(), [['info@b.example'], ['main@a.example']])
  for (const { raw, to } of server.heard) t.equal(/^To: .*$/m.exec(raw)?.[0].includes(to[0] as string), true)
  t.equal(server.heard.find(({ to }) => to[0] === 'info@b.example')?.subject, '乙节日好')
  const done = (await admin.get(draft)).text
  t.notMatch(done, '{{')
  t.match(done, '已发送 2 封、没有邮箱 1 个、邮箱重复 1 个')
  t.equal((await admin.get(`${draft}/edit`)).status, 409)
})

t.test('contacts, and everything that a query finds', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  for (let at = 0; at < 12; at++) await reachable(db, { name: `查得到${at}公司`, email: null }, `p${at}@x.example`)
  await reachable(db, { name: '另一家', email: null }, 'other@x.example')
  for (const [list, act] of [
    ['/contacts', 'mail'],
    ['/customers', 'mail'],
  ] as const) {
    server.heard.length = 0
    const query = `q=${encodeURIComponent('查得到')}`
    const { location: form = '' } = await admin.post(`${list}/selections`, { act, scope: 'whole', query })
    const { location: draft = '' } = await admin.post(form, text)
    t.match((await admin.get(`${draft}?per=10&page=2`)).text, '查得到')
    await admin.post(`${draft}/sending`, { version: '1' })
    await app.runJobs()
    for (const page of ['abc', '-1', '0', '1e9', '99', '1&page=2'])
      t.match((await admin.get(`${draft}?per=10&page=${page}`)).text, '查得到', page)
    t.equal(server.heard.length, 12, list)
    t.notOk(server.heard.some(({ to }) => to.includes('other@x.example')))
  }
})

t.test('a customer is written to before those of its contacts who are not the main one', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db, { email: 'info@a.example' }, 'second@a.example')
  const { id: silent } = await reachable(db, { email: null }, 'second@b.example')
  await db('contacts').update({ is_main: false })
  await mailTo(admin, '/customers', [id, silent])
  await app.runJobs()
  t.strictSame(await messagesOf(db).pluck('recipient_address'), ['info@a.example', 'second@b.example'])
})

t.test('stopped before a message was written down it is gone on with, a single one without any is not', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db, { email: 'info@a.example' }, 'main@a.example')
  const draft = await mailTo(admin, '/customers', [id])
  const cancel = async () => {
    const { id: job } = await db('jobs').where({ kind: 'mail' }).orderBy('id', 'desc').first('id')
    await admin.post(`/jobs/${job}/cancellation`)
    await app.runJobs()
  }
  await cancel()
  t.strictSame(await messagesOf(db), [])
  t.ok((await admin.get(draft)).page.querySelector('form[action$="/resumption"]'))
  await admin.post(`${draft}/resumption`)
  await app.runJobs()
  t.strictSame(await messagesOf(db).pluck('state'), ['sent'])
  t.notOk((await admin.get(draft)).page.querySelector('form[action$="/resumption"]'), 'done')

  await writeTo(admin, id)
  await cancel()
  await db('mail_messages').delete()
  const { id: single } = await db('mailings').orderBy('id', 'desc').first('id')
  t.notOk((await admin.get(`/mailings/${single}`)).page.querySelector('form[action$="/resumption"]'))
})

t.test('no faster than the account allows; a stopped job is gone on with, and sends nobody twice', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server, { per_minute: '2' })
  const ids: string[] = []
  for (let at = 0; at < 5; at++) ids.push(String((await reachable(db, {}, `p${at}@x.example`)).id))
  const { location: form = '' } = await admin.post('/customers/selections', {
    act: 'mail',
    scope: 'rows',
    query: '',
    ids,
  })
  const { location: draft = '' } = await admin.post(form, text)
  await admin.post(`${draft}/sending`, { version: '1' })
  await app.runJobs()
  t.equal(server.heard.length, 2)
  t.match((await admin.get(draft)).text, '待发送 3 封')
  const due = { not_before_at: '2020-01-01T00:00:00.000Z' }
  await db('mail_messages').whereNotNull('sending_at').update({ sending_at: '2020-01-01T00:00:00.000Z' })
  await db('jobs').whereNotNull('not_before_at').update(due)
  await app.runJobs()
  t.equal(server.heard.length, 4)
  const job = await db('jobs').where({ kind: 'mail' }).first('id')
  await admin.post(`/jobs/${job.id}/cancellation`)
  t.match((await admin.get(draft)).text, '已停止')
  await db('mail_messages').whereNotNull('sending_at').update({ sending_at: '2020-01-01T00:00:00.000Z' })
  await admin.post(`${draft}/resumption`)
  await app.runJobs()
  t.equal(new Set(server.heard.map(({ to }) => to[0])).size, 5)
  t.equal(server.heard.length, 5)
})

t.test('a customer that goes for good takes its mail along; a contact leaves it there', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id, contactId } = await reachable(db)
  await admin.post(`/mail?customer=${id}`, { recipient: `contact-${contactId}`, subject: '甲', body: '乙' })
  await app.runJobs()
  await makeContact(db, id)
  const version = async (table: string, row: number) =>
    String((await db(table).where({ id: row }).first('version')).version)
  await admin.post(`/customers/${id}/contacts/${contactId}/deletion`, { version: await version('contacts', contactId) })
  await admin.post(`/recycle-bin/contacts/${contactId}/purge`, { version: await version('contacts', contactId) })
  t.match(await messagesOf(db), [{ recipient_type: 'customers', recipient_id: id, state: 'sent' }])
  await admin.post(`/customers/${id}/deletion`, { version: await version('customers', id) })
  t.equal(
    (await admin.get(`/mail/${(await messagesOf(db))[0].id}`)).status,
    404,
    'in the recycle bin with its customer',
  )
  await admin.post(`/recycle-bin/customers/${id}/purge`, { version: await version('customers', id) })
  t.strictSame(await messagesOf(db), [])
  t.ok(await makeCustomer(db))
})

const mailTo = async (one: Browser, list: string, ids: number[]) => {
  const { location: form = '' } = await one.post(`${list}/selections`, {
    act: 'mail',
    scope: 'rows',
    query: '',
    ids: ids.map(String),
  })
  const { location: draft = '' } = await one.post(form, text)
  await one.post(`${draft}/sending`, { version: '1' })
  return draft
}

t.test('contacts are left out by one who may not see them: the customer is written to', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const without = permissions().filter((permission) => permission.startsWith('contacts.'))
  const role = await everyRightWithin(db, '不看联系人', { view: 'all', without })
  await addPerson(db, '不看联系人', [role])
  const one = await signedIn(app, '不看联系人')
  const { id } = await reachable(db, { name: '甲公司', email: 'info@a.example' }, 'main@a.example')
  const { id: silent } = await reachable(db, { name: '乙公司', email: null }, 'main@b.example')
  await mailTo(one, '/customers', [id, silent])
  await app.runJobs()
  t.strictSame(await messagesOf(db).pluck('recipient_address'), ['info@a.example'])
  t.strictSame(await messagesOf(db).pluck('recipient_type'), ['customers'])
  const form = await one.get(`/mail/new?customer=${id}`)
  t.match(form.body, 'info@a.example')
  t.notMatch(form.body, 'main@a.example')
  await db('role_permissions').insert({ role_id: role, permission: 'contacts.view' })
  await bumpRevision(db)
  const { contactId } = await reachable(db, { name: '丙公司' }, 'main@c.example')
  const draft = await mailTo(one, '/contacts', [contactId])
  await db('role_permissions').where({ role_id: role, permission: 'contacts.view' }).delete()
  await bumpRevision(db)
  await app.runJobs()
  t.match(await db('mailings').orderBy('id', 'desc').first(), { job_id: Number, without_address_count: 1 }, draft)
  t.equal((await messagesOf(db)).length, 1, 'nor are those chosen while one might')
})

t.test('whom one may see but not write for is not written to', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const me = await addPerson(db, '自写', [await everyRightWithin(db, '自写', { view: 'all', change: 'own' })])
  const one = await signedIn(app, '自写')
  const { id: mine } = await reachable(db, { name: '我的公司', owner_id: me }, 'mine@a.example')
  const { id: other, contactId } = await reachable(db, { name: '别人的公司' }, 'other@b.example')
  t.equal((await one.get(`/customers/${other}`)).status, 200)
  t.notMatch((await one.get(`/customers/${other}`)).body, `/mail/new?customer=${other}`)
  for (const answer of [await one.get(`/mail/new?customer=${other}`), await writeTo(one, other)])
    t.ok([403, 404].includes(answer.status), String(answer.status))
  await mailTo(one, '/customers', [mine, other])
  await mailTo(one, '/contacts', [contactId])
  await app.runJobs()
  t.strictSame(await messagesOf(db).pluck('recipient_address'), ['mine@a.example'])
  const message = await messagesOf(db).first()
  await db('mail_messages').update({ state: 'failed' })
  await db('customers').where({ id: mine }).update({ owner_id: 1 })
  t.equal((await one.get(`/mail/${message.id}`)).status, 200)
  for (const act of ['resending', 'acceptance'])
    t.equal((await one.post(`/mail/${message.id}/${act}`)).status, 403, `${act} of one's own, given away since`)
  await db('customers').where({ id: mine }).update({ owner_id: me })
  t.equal((await one.post(`/mail/${message.id}/resending`)).status, 303)
})

t.test('each address once over all steps of a mailing', async (t) => {
  const { app, db, admin } = await office(t)
  await admin.post('/settings/mail', accountForm({ port: 9 }))
  const many = Array.from({ length: 201 }, (_, at) => ({ name: `公司${at}`, email: `p${at}@x.example` }))
  await addMany(db, [...many, { name: '末公司', email: 'P0@X.example' }])
  const { location: form = '' } = await admin.post('/customers/selections', { act: 'mail', scope: 'whole', query: '' })
  const { location: draft = '' } = await admin.post(form, text)
  await admin.post(`${draft}/sending`, { version: '1' })
  await app.runJobs()
  t.equal((await messagesOf(db).where('recipient_key', 'like', 'p0@%')).length, 1)
  t.equal((await messagesOf(db)).length, 201)
  t.equal((await db('mailings').first('repeated_count')).repeated_count, 1)
})
