import t from 'tap'
import { putFile } from '../fixtures/files.ts'
import { upload } from '../kernel/files/fixtures/upload.ts'
import { addPerson, everyRightWithin, signedIn } from '../people/roles/fixtures/people.ts'
import { accountForm, messagesOf, office, reachable, useServer, writeTo } from './fixtures/office.ts'

t.test('attachments: uploaded, taken from the customer, taken off; what is too large is not read', async (t) => {
  const { app, db, admin, server, as } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db)
  const { dataDir } = app.config
  const file = await putFile(db, id, 'file', { user: 1, dataDir })
  const { location: draft = '' } = await writeTo(admin, id, { next: 'preview' })
  t.match((await admin.get(draft)).text, '合同.png')
  const large = await upload(admin, `${draft}/attachments`, Buffer.alloc(30 * 1024 * 1024, 'x'), '大.bin')
  t.equal(large.status, 422)
  t.match(large.text, '附件合计不能超过 20 MB')
  t.match((await upload(admin, `${draft}/attachments`, 'MZ…', 'a.exe')).text, '不能上传程序文件')
  t.equal((await upload(admin, `${draft}/attachments`, '第一', '报价单.txt')).status, 303)
  t.equal((await upload(admin, `${draft}/attachments`, '第二', '作废.txt')).status, 303)
  t.equal((await admin.post(`${draft}/customer-files`, { files: String(file) })).status, 303)
  t.equal((await admin.post(`${draft}/customer-files`, { files: '999' })).status, 422)
  const gone = await db('files').where({ name: '作废.txt' }).first('id')
  await admin.post(`${draft}/attachments/${gone.id}/deletion`)
  t.equal((await admin.post(`${draft}/sending`, { version: '1' })).status, 303)
  await db('files')
    .where({ id: file })
    .update({ deleted_at: new Date().toISOString(), purged_at: '2020-01-01T00:00:00.000Z' })
  await app.runJobs()
  const raw = server.heard[0]?.raw ?? ''
  t.match(raw, Buffer.from('第一').toString('base64'))
  t.equal(raw.match(/^Content-Disposition: attachment/gm)?.length, 2)
  t.notMatch(raw, Buffer.from('第二').toString('base64'))
  const [message] = await messagesOf(db)
  const shown = await admin.get(`/mail/${message.id}`)
  const link = shown.page.querySelector('.details a')?.getAttribute('href') as string
  t.equal((await admin.get(link)).status, 200)
  t.equal((await upload(admin, `${draft}/attachments`, 'x', 'b.txt')).status, 409, 'not after it was sent')
  t.equal((await (await as('李雷')).get(draft)).status, 404, 'a draft is there for who wrote it')
  const { location: second = '' } = await writeTo(admin, id, { next: 'preview' })
  await upload(admin, `${second}/attachments`, '第三', 'c.txt')
  await db('files').where({ name: 'c.txt' }).update({ storage_name: 'nowhere' })
  await admin.post(`${second}/sending`, { version: '1' })
  await app.runJobs()
  t.match((await messagesOf(db))[1], { state: 'failed', answer: /附件「c.txt」的内容已不在服务器上/ })
})

t.test('files of the card go with a message, those of others and without the right do not', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const { dataDir } = app.config
  const place = { user: 1, dataDir }
  const [mine, other] = [await reachable(db), await reachable(db, { name: '别的客户' })]
  const [file, foreign] = [await putFile(db, mine.id, 'file', place), await putFile(db, other.id, 'file', place)]
  const { location: draft = '' } = await writeTo(admin, mine.id, { next: 'preview' })
  t.equal((await admin.post(`${draft}/customer-files`, { files: String(foreign) })).status, 422)
  t.equal((await admin.post(`${draft}/customer-files`, { files: [String(file), String(foreign)] })).status, 303)
  await addPerson(db, '不看附件', [await everyRightWithin(db, '不看附件', { view: 'all', without: ['files.view'] })])
  const blind = await signedIn(app, '不看附件')
  const { location: blindDraft = '' } = await writeTo(blind, mine.id, { next: 'preview' })
  t.notMatch((await blind.get(blindDraft)).text, '合同.png')
  t.equal((await blind.post(`${blindDraft}/customer-files`, { files: String(file) })).status, 422)
  const owner = await addPerson(db, '曾经的', [await everyRightWithin(db, '本人', { view: 'own' })])
  await db('customers').where({ id: mine.id }).update({ owner_id: owner })
  const former = await signedIn(app, '曾经的')
  const { location: formerDraft = '' } = await writeTo(former, mine.id, { next: 'preview' })
  await db('customers').where({ id: mine.id }).update({ owner_id: 1 })
  t.equal((await former.post(`${formerDraft}/customer-files`, { files: String(file) })).status, 404)
  for (const one of [admin, blind]) await one.post(`${one === admin ? draft : blindDraft}/sending`, { version: '1' })
  await app.runJobs()
  t.strictSame(
    server.heard.map(({ raw }) => raw.match(/^Content-Disposition: attachment/gm)?.length ?? 0),
    [1, 0],
  )
  t.match(server.heard[0]?.raw, 'iVBORw0KGgo', 'the picture itself')
})

t.test('a draft is changed, with the other one told, and thrown away', async (t) => {
  const { db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db)
  const { location: draft = '' } = await writeTo(admin, id, { next: 'preview' })
  const changed = { recipient: 'customer', subject: '改过', body: '改过', next: 'preview', version: '1' }
  t.equal((await admin.post(draft, changed)).status, 303)
  t.equal((await admin.post(draft, changed)).status, 409)
  t.match((await admin.get(draft)).text, '改过')
  t.equal((await admin.post(`${draft}/sending`, { version: '1' })).status, 409, 'another text than was seen')
  t.strictSame(await db('jobs').where({ kind: 'mail' }), [])
  t.equal((await admin.post(`${draft}/deletion`, { version: '1' })).status, 409)
  t.equal((await admin.post(`${draft}/deletion`, { version: '2' })).status, 303)
  t.equal((await admin.get(draft)).status, 404)
})

t.test('a masked address is written to, and shown nowhere', async (t) => {
  const { app, db, server, admin } = await office(t)
  await useServer(admin, server)
  const user = await addPerson(db, '遮蔽者', [await everyRightWithin(db, '遮蔽', { view: 'all', masks: 'mail' })])
  const one = await signedIn(app, '遮蔽者')
  const { id, contactId } = await reachable(db)
  server.refuse.set('info@kunde.example', { code: 550, words: 'No mailbox info@kunde.example' })
  const pages = [await one.get(`/mail/new?customer=${id}`)]
  const { location: draft = '' } = await writeTo(one, id, { recipient: `contact-${contactId}`, next: 'preview' })
  pages.push(await one.get(draft), await one.get(`${draft}/edit`))
  await one.post(`${draft}/sending`, { version: '1' })
  await writeTo(one, id)
  await app.runJobs()
  t.strictSame(
    server.heard.map(({ to }) => to),
    [['zhang@kunde.example']],
  )
  const messages = await messagesOf(db)
  t.match(messages, [
    { state: 'sent', user_id: user },
    { state: 'refused', answer: /info@kunde\.example/ },
  ])
  for (const { id, mailing_id } of messages)
    pages.push(await one.get(`/mail/${id}`), await one.get(`/mailings/${mailing_id}`))
  pages.push(await one.get('/mail'), await one.get(`/customers/${id}/mail`), await one.get(`/customers/${id}/history`))
  for (const { status, body } of pages) {
    t.equal(status, 200)
    t.notMatch(body, 'zhang@kunde.example')
    t.notMatch(body, 'info@kunde.example')
  }
  t.match(pages[0]?.text, 'z****@kunde.example')
  t.match((await one.get(`/mail/${messages[1].id}`)).text, 'No mailbox i****@kunde.example')
})

t.test('one’s own account goes before that of the company; the answer comes to who wrote', async (t) => {
  const { app, db, admin, server, as } = await office(t)
  await useServer(admin, server)
  await db('users').where({ name: '李雷' }).update({ email: 'lilei@kehu.example' })
  const li = await as('李雷')
  const { id } = await reachable(db)
  await writeTo(li, id)
  await app.runJobs()
  t.match(server.heard[0]?.raw, /^Reply-To: lilei@kehu\.example/m)
  await li.post('/profile/mail', accountForm(server, { sender_address: 'li@kehu.example', sender_name: '销售部李雷' }))
  await writeTo(li, id)
  await app.runJobs()
  t.equal(server.heard[1]?.from, 'li@kehu.example')
  t.notMatch(server.heard[1]?.raw, /^Reply-To/m)
  const { location } = await li.post('/profile/mail/deletion')
  const page = await li.get(location as string)
  t.match(page.text, '已停用，您的邮件改用公司的发信邮箱发出。')
  t.notOk(page.page.querySelector('form[action="/profile/mail/deletion"]'), 'once')
  t.equal((await li.post('/profile/mail/deletion')).status, 409)
  await writeTo(li, id)
  await app.runJobs()
  t.equal(server.heard[2]?.from, 'crm@kehu.example')
})

t.test('templates: one’s own, shared ones, and merge fields that there are', async (t) => {
  const { db, admin, as, server } = await office(t)
  await useServer(admin, server)
  const li = await as('李雷')
  const form = { name: '报价函', subject: '{{客户名称}}报价', body: '{{称呼}}：' }
  const wrong = await li.post('/mail/templates', { ...form, body: '{{工资}}' })
  t.equal(wrong.status, 422)
  t.match(wrong.text, '没有「{{工资}}」这个合并项')
  const { location: own = '' } = await li.post('/mail/templates', { ...form, is_shared: 'true' })
  t.match(await db('mail_templates'), [{ is_shared: false }], 'who may not share does not')
  t.equal((await admin.get(own)).status, 404)
  const { location: shared = '' } = await admin.post('/mail/templates', { ...form, name: '通用', is_shared: 'true' })
  t.equal((await li.get(shared)).status, 200)
  t.equal((await li.get(`${shared}/edit`)).status, 403)
  t.equal((await li.post(shared, form)).status, 403)
  await db('user_options').insert({
    user_id: (await db('users').where({ name: '李雷' }).first('id')).id,
    signature: '李雷 0431-84978981',
    updated_at: new Date().toISOString(),
    version: 1,
  })
  const { id } = await reachable(db)
  const page = await li.get(`/mail/new?customer=${id}&template=${own.split('/').at(-1)}`)
  t.match(page.body, '{{客户名称}}报价')
  t.match(page.body, '李雷 0431-84978981')
  t.match(page.text, '通用')
  t.equal((await li.post(own, { ...form, name: '新名', version: '1' })).status, 303)
  t.equal((await li.post(own, { ...form, name: '再改', version: '1' })).status, 409)
  t.equal((await li.post(`${own}/deletion`, { version: '2' })).status, 303)
  t.equal((await li.get(own)).status, 404)
})

t.test('what may be seen but not changed may be read about, not written to', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  await addPerson(db, '只看', [await everyRightWithin(db, '看全部改本人', { view: 'all', change: 'own' })])
  await addPerson(db, '只本人', [await everyRightWithin(db, '只看本人', { view: 'own' })])
  const { id } = await reachable(db)
  await writeTo(admin, id)
  await app.runJobs()
  const [message] = await messagesOf(db)
  const looking = await signedIn(app, '只看')
  t.equal((await looking.get(`/mail/${message.id}`)).status, 200)
  t.equal((await looking.get(`/mail/new?customer=${id}`)).status, 403)
  t.equal((await writeTo(looking, id)).status, 403)
  const other = await signedIn(app, '只本人')
  for (const url of [`/mail/${message.id}`, `/mail/new?customer=${id}`, `/customers/${id}/mail`])
    t.equal((await other.get(url)).status, 404, url)
  t.equal((await writeTo(other, id)).status, 404)
  t.notMatch((await other.get('/mail')).text, '报价')
})
