import t from 'tap'
import { buildTestApp } from '../fixtures/app.ts'
import { accountForm, messagesOf, office, reachable, useServer, writeTo } from './fixtures/office.ts'

t.test('a message to a contact goes out with the name of who writes, and stands at the customer', async (t) => {
  const login = { user: 'crm@kehu.example', pass: 'geheim-9Z!' }
  const { app, db, admin, server } = await office(t, login)
  const saved = await admin.post('/settings/mail', accountForm(server, { username: login.user, password: login.pass }))
  t.equal(saved.status, 303)
  const stored = await db('mail_accounts').first()
  t.notMatch(JSON.stringify(stored), login.pass, 'the password is not readable in the database')
  t.match(stored.sealed_password, /^v2\./)
  t.notMatch((await admin.get('/settings/mail')).body, login.pass)
  t.notMatch(JSON.stringify(await db('events').select('changes')), login.pass, 'nor in the operation log')

  const { id, contactId } = await reachable(db)
  const form = await admin.get(`/mail/new?customer=${id}&contact=${contactId}`)
  t.match(form.text, '张三 zhang@kunde.example')
  const body = '尊敬的{{称呼}}：\n\n{{客户名称}}的报价见 https://kehu.example/a?b=1。<b>\n{{我的姓名}}'
  const { location } = await writeTo(admin, id, {
    recipient: `contact-${contactId}`,
    subject: '给{{联系人}}的报价',
    body,
  })
  t.match(location, /^\/mailings\/\d+$/)
  t.match((await admin.get(location as string)).text, '待发送 1 封')
  await app.runJobs()

  t.equal(server.heard.length, 1)
  const [mail] = server.heard
  t.strictSame(mail?.to, ['zhang@kunde.example'])
  t.equal(mail?.subject, '给张三的报价')
  t.match(mail?.text, '尊敬的张先生：')
  t.match(mail?.text, '长春明日有限公司的报价')
  t.match(mail?.raw, /^Message-ID: <[\w-]+@kehu\.example>/m)
  t.match(mail?.raw, /^Date: /m)
  t.match(mail?.raw, /^From: =\?UTF-8\?[BQ]\?.* <crm@kehu\.example>/m, 'from the person')
  t.match(mail?.raw, /multipart\/alternative/)
  const [message] = await messagesOf(db)
  t.match(message, { state: 'sent', recipient_name: '张三', attempt_count: 1 })
  t.match(message.answer, '4711', 'the words of the server are kept')

  const sent = await admin.get(location as string)
  t.match(sent.text, '已发送 1 封')
  t.equal(sent.page.querySelector('h1')?.text, '邮件：给张三的报价')
  t.match((await admin.get(`/customers/${id}/mail`)).text, '给张三的报价')
  t.match((await admin.get(`/customers/${id}/history`)).text, '发送邮件')
  t.match((await admin.get('/mail')).text, '给张三的报价')
  const shown = await admin.get(`/mail/${message.id}`)
  t.match(shown.text, '尊敬的张先生')
  t.match(shown.body, '&lt;b&gt;', 'as text')
  await app.runJobs()
  t.equal(server.heard.length, 1, 'once')

  const onCard = await admin.get(`/mail/new?customer=${id}&on_card=true`)
  t.equal(onCard.page.querySelector('#mail [name=on_card]')?.getAttribute('value'), 'true')
  const written = await writeTo(admin, id, { recipient: `contact-${contactId}`, on_card: 'true' })
  t.equal(written.location, `/customers/${id}`, 'what is written on a card leads back to it')
})

t.test('a Chinese domain goes over the wire in ASCII, in the envelope and in the head', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const [chinese, irish] = [
    await reachable(db, { name: '中文域名公司', email: 'wang@公司.中国' }, null as never),
    await reachable(db, { name: '奥尼尔公司', email: "o'neil@example.ie" }, null as never),
  ]
  t.equal((await writeTo(admin, chinese.id, { cc: 'li@公司.中国' })).status, 303)
  t.equal((await writeTo(admin, irish.id, {})).status, 303)
  await app.runJobs()
  const wire = 'xn--55qx5d.xn--fiqs8s'
  t.strictSame(server.wire.match(/(?<=^RCPT TO:<)[^>]*/gm), [`wang@${wire}`, `li@${wire}`, "o'neil@example.ie"])
  t.match(server.heard[0]?.raw, new RegExp(`^To: .*<wang@${wire}>`, 'm'))
  server.refuse.set('wang@公司.中国', { code: 550, words: 'no such user' })
  await writeTo(admin, chinese.id, {})
  await app.runJobs()
  t.match((await messagesOf(db)).at(-1), { state: 'refused', answer: /no such user/ })
})

t.test('copies: nobody sees who gets it unseen, and no line break leads into the head', async (t) => {
  const { app, db, admin, server, as } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db)
  const copies = { cc: 'a@kunde.example；b@kunde.example\r\nb@KUNDE.example', bcc: 'still@kunde.example' }
  t.equal((await writeTo(admin, id, copies)).status, 303)
  await app.runJobs()
  const [mail] = server.heard
  t.strictSame(mail?.to, ['info@kunde.example', 'a@kunde.example', 'b@kunde.example', 'still@kunde.example'])
  t.match(mail?.raw, /^Cc: a@kunde\.example, b@kunde\.example/m)
  t.notMatch(mail?.raw, 'still@', 'not in the message')
  const [message] = await messagesOf(db)
  await db('mail_messages').update({ state: 'failed' })
  const [own, others] = [await admin.get(`/mail/${message.id}`), await (await as('李雷')).get(`/mail/${message.id}`)]
  t.same([own.text.includes('still@kunde.example'), others.text.includes('still@kunde.example')], [true, false])
  const acts = [own, others].map(({ page }) => page.querySelectorAll('main a[href$="/resending"]').length)
  t.same(acts, [1, 0], 'nor is it for others to send it again')
  for (const cc of [
    'a@b.example\r\nBcc: x@y.example',
    'a@b.example, nobody',
    'a@b.example>\r\nX-Evil: 1',
    '<a@b.example>',
  ]) {
    const refused = await writeTo(admin, id, { cc, subject: '主题甲' })
    t.equal(refused.status, 422, cc)
    t.match(refused.text, '不是正确的邮箱')
    t.match(refused.body, '主题甲', 'what was typed stays')
  }
  await writeTo(admin, id, { subject: '报价\r\nBcc: evil@example.com\r\n\r\nX' })
  await app.runJobs()
  t.strictSame(server.heard[1]?.to, ['info@kunde.example'])
  t.match(server.heard[1]?.subject, '报价 Bcc: evil@example.com X', 'the subject is one line')
  t.notMatch(server.heard[1]?.raw, /^Bcc/im)
})

t.test('without an account, an address or a known merge field nothing is sent', async (t) => {
  const { db, admin, server } = await office(t)
  const { id } = await reachable(db)
  const none = await writeTo(admin, id, { subject: '主题乙' })
  t.equal(none.status, 422)
  t.match(none.text, '还没有设置发信邮箱')
  t.match(none.body, '主题乙')
  await useServer(admin, server)
  const unknown = await writeTo(admin, id, { body: '{{客户全称}}' })
  t.equal(unknown.status, 422)
  t.match(unknown.text, '没有「{{客户全称}}」这个合并项')
  t.match((await writeTo(admin, id, { body: '{{客户名称}' })).text, '花括号不成对')
  const { id: silent } = await reachable(db, { email: null, name: '无信公司' }, null as never)
  t.match((await admin.get(`/mail/new?customer=${silent}`)).text, '「无信公司」和它的联系人都没有填写邮箱')
  t.equal((await writeTo(admin, silent)).status, 422)
  t.strictSame(await messagesOf(db), [])
})

t.test('a double click sends once', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db)
  const form = { form_id: 'form-doppelt' }
  const [one, two] = [await writeTo(admin, id, form), await writeTo(admin, id, form)]
  t.equal(one.location, two.location)
  await app.runJobs()
  t.equal(server.heard.length, 1)
})

t.test('who has no right, and who reaches other customers only', async (t) => {
  const { db, as } = await buildTestApp(t)
  const { id } = await reachable(db)
  const nobody = await as('王芳')
  for (const url of ['/mail', `/mail/new?customer=${id}`, `/customers/${id}/mail`, '/profile/mail', '/settings/mail'])
    t.equal((await nobody.get(url)).status, 403, url)
  t.equal((await writeTo(nobody, id)).status, 403)
  const plain = await as('李雷')
  t.equal((await plain.get(`/mail/new?customer=${id}`)).status, 200)
  t.equal((await plain.get('/settings/mail')).status, 403)
  t.equal((await plain.get('/mail/new?customer=99999')).status, 404)
})
