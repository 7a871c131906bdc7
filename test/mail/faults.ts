import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import t from 'tap'
import { meaningOf } from '../../src/mail/accounts/server-answer.ts'
import type { Outcome } from '../../src/mail/accounts/smtp.ts'
import { claimNext, markLost, noteOutcome } from '../../src/mail/mailings/progress.ts'
import type { Message } from '../../src/mail/messages/message.ts'
import { forgetMoment } from '../../src/operation/backups/staging.ts'
import { beginNewKey } from '../../src/people/users/restore.ts'
import { text } from '../../src/texts/index.ts'
import { actor } from '../fixtures/world.ts'
import { signedIn } from '../people/roles/fixtures/people.ts'
import { accountForm, messagesOf, office, reachable, useServer, writeTo } from './fixtures/office.ts'

/** Lets the time pass that a message or a job has to wait. */
async function later(db: Knex) {
  await db('mail_messages').whereNotNull('next_attempt_at').update({ next_attempt_at: '2020-01-01T00:00:00.000Z' })
  await db('mail_messages').whereNotNull('sending_at').update({ sending_at: '2020-01-01T00:00:00.000Z' })
  await db('jobs').whereNotNull('not_before_at').update({ not_before_at: '2020-01-01T00:00:00.000Z' })
}

t.test('a refused recipient is refused alone, with the words of the server', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  server.refuse.set('info@kunde.example', { code: 550, words: 'No such user info@kunde.example here' })
  server.refuse.set('b@kunde.example', { code: 550, words: 'Unknown b' })
  const { id } = await reachable(db)
  const { location = '' } = await writeTo(admin, id)
  const { id: other } = await reachable(db, { email: 'gut@kunde.example' })
  await writeTo(admin, other, { cc: 'b@kunde.example' })
  await app.runJobs()
  const [refused, sent] = await messagesOf(db)
  t.match(refused, { state: 'refused', attempt_count: 1 })
  t.match((await admin.get(`/mail/${refused.id}`)).text, /不接受这个收件人，请检查地址。服务器回答：.*No such user/)
  t.match((await admin.get(location)).text, '对方拒收 1 封')
  t.match((await admin.get(`/customers/${id}/history`)).text, '邮件被拒收')
  t.equal(sent.state, 'sent')
  t.match(sent.answer, /^服务器已收下。服务器回答：250/)
  t.match(sent.answer, '抄送或密送被拒收：b@kunde.example')
  t.strictSame(
    server.heard.map(({ to }) => to),
    [['gut@kunde.example']],
  )
})

t.test('what is put off is tried again, with growing pauses, and given up in the end', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  server.refuse.set('info@kunde.example', { code: 451, words: 'Greylisted, try again' })
  const { id } = await reachable(db)
  const { location = '' } = await writeTo(admin, id)
  await app.runJobs()
  const waits: number[] = []
  for (let attempt = 1; attempt < 5; attempt++) {
    const [message] = await messagesOf(db)
    t.match(message, {
      state: 'queued',
      attempt_count: attempt,
      answer: /^服务器暂时不收这封邮件。服务器回答：.*Greylisted/,
    })
    waits.push(Date.parse(message.next_attempt_at) - Date.parse(message.sending_at))
    t.match((await admin.get(location)).text, '待发送 1 封')
    await app.runJobs()
    t.equal((await messagesOf(db))[0].attempt_count, attempt, 'not before its time')
    await later(db)
    if (attempt === 3) server.refuse.clear()
    await app.runJobs()
    if (attempt === 3) break
  }
  t.ok(waits.every((wait, index) => index === 0 || wait > (waits[index - 1] as number)))
  t.match((await messagesOf(db))[0], { state: 'sent', attempt_count: 4 })
  t.equal(server.heard.length, 1)
  t.match(await db('jobs').where({ kind: 'mail' }), [{ state: 'done' }], 'all by one job')

  server.refuse.set('info@kunde.example', { code: 451, words: 'Still greylisted' })
  await writeTo(admin, id)
  for (let attempt = 0; attempt < 5; attempt++) {
    await app.runJobs()
    await later(db)
  }
  t.match((await messagesOf(db))[1], { state: 'failed', attempt_count: 5 })
})

t.test('a server that goes away before the message has it is tried again', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  server.isAway = true
  const { id } = await reachable(db)
  await writeTo(admin, id)
  await app.runJobs()
  t.match((await messagesOf(db))[0], { state: 'queued', attempt_count: 1 })
  t.match(await db('jobs').where({ kind: 'mail' }), [{ state: 'waiting' }])
  server.isAway = false
  await later(db)
  await app.runJobs()
  t.equal((await messagesOf(db))[0].state, 'sent')
  t.equal(server.contents, 1)
})

t.test('a server that stays away: the others are not tried one by one, and can be sent when it is back', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  server.isAway = true
  const ids: string[] = []
  for (let at = 0; at < 3; at++) ids.push(String((await reachable(db, {}, `p${at}@x.example`)).id))
  const { location: form = '' } = await admin.post('/customers/selections', {
    act: 'mail',
    scope: 'rows',
    query: '',
    ids,
  })
  const { location: draft = '' } = await admin.post(form, { subject: '甲', body: '乙' })
  await admin.post(`${draft}/sending`, { version: '1' })
  for (let attempt = 0; attempt < 5; attempt++) {
    await app.runJobs()
    await db('mail_messages').where({ attempt_count: 0 }).update({ next_attempt_at: '2030-01-01T00:00:00.000Z' })
    await db('mail_messages').where('attempt_count', '>', 0).update({ next_attempt_at: null })
    await db('jobs').update({ not_before_at: null })
  }
  t.strictSame(
    (await messagesOf(db)).map(({ state, attempt_count }: Record<string, unknown>) => [state, attempt_count]),
    [
      ['failed', 5],
      ['failed', 0],
      ['failed', 0],
    ],
  )
  server.isAway = false
  t.match((await admin.get(draft)).text, '继续发送其余 3 封')
  await admin.post(`${draft}/resumption`)
  await app.runJobs()
  t.equal(server.heard.length, 3)
})

t.test('a server that goes away after the message was handed over: nobody knows, a person decides', async (t) => {
  const { app, db, admin, server, as } = await office(t)
  await useServer(admin, server)
  server.atEnd = 'hang up'
  const { id } = await reachable(db)
  await writeTo(admin, id)
  await app.runJobs()
  const [message] = await messagesOf(db)
  t.equal(message.state, 'uncertain')
  server.atEnd = 'take'
  await later(db)
  await app.runJobs()
  t.equal(server.contents, 1, 'not sent again by itself')
  const page = await admin.get(`/mail/${message.id}`)
  t.match(page.text, '不能确定')
  t.match((await admin.get(`/mail/${message.id}/resending`)).text, '两封相同的邮件')
  t.equal((await (await as('李雷')).post(`/mail/${message.id}/resending`)).status, 403, 'only who wrote it')
  await admin.post(`/mail/${message.id}/resending`)
  await admin.post(`/mail/${message.id}/resending`)
  await app.runJobs()
  t.equal(server.contents, 2, 'once more, as asked')
  t.equal((await messagesOf(db))[0].state, 'sent')

  server.atEnd = 'hang up'
  await writeTo(admin, id)
  await app.runJobs()
  const [, second] = await messagesOf(db)
  await admin.post(`/mail/${second.id}/acceptance`)
  await app.runJobs()
  t.equal((await messagesOf(db))[1].state, 'sent')
  t.equal(server.contents, 3)
})

t.test('a message that was under way when the program died is never sent again by itself', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db)
  await writeTo(admin, id)
  await db('mail_messages').update({
    state: 'sending',
    claim: 'dead',
    attempt_count: 1,
    sending_at: '2026-01-01T00:00:00.000Z',
  })
  const lost = { state: 'running', leased_by: 'dead', lease_until_at: '2026-01-01T00:00:00.000Z' }
  await db('jobs').where({ kind: 'mail' }).update(lost)
  await app.runJobs()
  t.equal((await messagesOf(db))[0].state, 'uncertain')
  t.equal(server.contents, 0)
})

t.test('two that claim at once claim different messages, and the last one is claimed once', async (t) => {
  const { db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db)
  await writeTo(admin, id)
  const [first] = await messagesOf(db)
  const { id: _id, ...row } = first
  await db('mail_messages').insert({ ...row, message_id: '<2@x>', recipient_key: 'other' })
  const account = await db('mail_accounts').first()
  const claimTwo = () => Promise.all([1, 2].map(() => claimNext(db, first.mailing_id, account)))
  const ids = (await claimTwo()).map((message) => typeof message === 'object' && message.id)
  t.strictSame(
    ids.sort(),
    (await messagesOf(db)).map((message) => message.id),
    'as two servers might',
  )
  await db('mail_messages').where({ id: first.id }).update({ state: 'queued' })
  t.equal((await claimTwo()).filter(Boolean).length, 1)
})

t.test('who claimed a message that was taken away has nothing to say about it any more', async (t) => {
  const { db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db)
  await writeTo(admin, id)
  const account = await db('mail_accounts').first()
  const [{ mailing_id }] = await messagesOf(db)
  const claim = () => claimNext(db, mailing_id, account) as Promise<Message>
  const told = () => db('events').where({ action: 'mail', record_type: 'customers' })
  const before = await claim()
  await markLost(db, mailing_id)
  await admin.post(`/mail/${before.id}/resending`)
  const after = await claim()
  const sent: Outcome = { kind: 'sent', answer: '250 OK', refused: [] }
  await noteOutcome(db, before, sent, actor)
  t.match(await messagesOf(db), [{ state: 'sending', claim: after.claim }])
  t.strictSame(await told(), [])
  await noteOutcome(db, after, sent, actor)
  t.match(await messagesOf(db), [{ state: 'sent', answer: '250 OK' }])
  t.equal((await told()).length, 1)
})

t.test('a backup that is restored does not send what waited then, and neither does a lost key', async (t) => {
  const login = { user: 'crm@kehu.example', pass: 'right-one-7' }
  const { app, db, admin, server } = await office(t, login)
  await useServer(admin, server, { username: login.user, password: login.pass })
  const { id } = await reachable(db)
  const { location = '' } = await writeTo(admin, id)
  await db.transaction(forgetMoment)
  const again = await signedIn(app, '韩梅梅')
  t.match((await again.get(location)).text, '不能确定 1 封')
  await again.post(`${location}/resumption`)
  await app.runJobs()
  t.equal(server.contents, 0)
  await beginNewKey(db)
  const once = await signedIn(app, '韩梅梅')
  await writeTo(once, id)
  await app.runJobs()
  t.equal(server.contents, 0)
  t.match((await messagesOf(db))[1], { state: 'failed', answer: /请同时填写密码/ })
})

t.test('content that the server refuses, and one that it puts off', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  const { id } = await reachable(db)
  server.atEnd = { code: 554, words: 'Looks like spam' }
  await writeTo(admin, id)
  await app.runJobs()
  t.match((await messagesOf(db))[0], { state: 'refused', answer: /Looks like spam/ })
  server.atEnd = { code: 452, words: 'Disk full' }
  await writeTo(admin, id)
  await app.runJobs()
  t.match((await messagesOf(db))[1], { state: 'queued', answer: /Disk full/ })
})

t.test('a slow server is waited for', async (t) => {
  const { app, db, admin, server } = await office(t)
  await useServer(admin, server)
  server.beforeAnswer = () => pause(9_000)
  const { id } = await reachable(db)
  await writeTo(admin, id)
  await app.runJobs()
  t.match((await messagesOf(db))[0], { state: 'sent', attempt_count: 1 })
  t.equal(server.contents, 1)
})

t.test('a wrong password: the test says what the server said, but not the password', async (t) => {
  const login = { user: 'crm@kehu.example', pass: 'right-one-7' }
  const { app, db, admin, server } = await office(t, login)
  const form = accountForm(server, { username: login.user, password: 'wrong-pass-3', next: 'test' })
  t.equal((await admin.post('/settings/mail', form)).status, 303)
  const told = await admin.get('/settings/mail')
  t.match(told.text, '连接失败')
  t.match(told.text, '服务器不接受用户名或密码')
  t.match(told.text, 'Authentication failed for crm@kehu.example with ****')
  t.notMatch(told.body, 'wrong-pass-3')
  const { id } = await reachable(db)
  const { location = '' } = await writeTo(admin, id)
  await app.runJobs()
  const failed = await admin.get(location)
  t.match(failed.text, '发信邮箱不能使用')
  t.notMatch(failed.body, 'wrong-pass-3')
  t.equal((await messagesOf(db))[0].state, 'failed')

  const moved = await admin.post(
    '/settings/mail',
    accountForm(server, { username: login.user, port: '2525', version: '2' }),
  )
  t.equal(moved.status, 422)
  t.match(moved.text, '请重新填写密码', 'a stored password goes to no other server')
  const right = accountForm(server, { username: login.user, password: login.pass, version: '2', next: 'test' })
  t.equal((await admin.post('/settings/mail', right)).status, 303)
  t.match((await admin.get('/settings/mail')).text, '连接成功')
  await admin.post(`${location}/resumption`)
  await app.runJobs()
  t.equal((await messagesOf(db))[0].state, 'sent')
  t.equal(server.heard.length, 1)
})

t.test('a sign-in that is refused for good is not tried again, whatever its number', async (t) => {
  for (const refusal of [500, 599]) {
    const { app, db, admin, server } = await office(t, { user: 'crm@kehu.example', pass: 'right-one-7', refusal })
    const form = accountForm(server, { username: 'crm@kehu.example', password: 'wrong-pass-3' })
    await admin.post('/settings/mail', form)
    const { location = '' } = await writeTo(admin, (await reachable(db)).id)
    await app.runJobs()
    t.match((await admin.get(location)).text, '发信邮箱不能使用', String(refusal))
    t.equal((await messagesOf(db))[0].state, 'failed')
  }
})

t.test('nobody at that port, a name that is not there, a host that keeps silent, wrong encryption', async (t) => {
  const { admin, server } = await office(t)
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
  t.teardown(() => silent.close())
  let version = 1
  const told = async (more: Record<string, string>) => {
    await admin.post('/settings/mail', accountForm(server, { ...more, next: 'test', version: String(version++) }))
    return (await admin.get('/settings/mail')).text
  }
  t.match(await told({ port: '1' }), '127.0.0.1:1 拒绝连接')
  t.match(await told({ host: 'nirgends.invalid' }), '找不到服务器 nirgends.invalid')
  t.match(await told({ port: String((silent.address() as { port: number }).port) }), '在 10 秒内没有应答')
  t.match(await told({ security: 'starttls' }), '不支持 STARTTLS')
  t.match(await told({ security: 'tls' }), '没有按所选的加密方式应答')
  for (const host of ['http://mail', 'mail example', 'mail\r\nevil', '-x'])
    t.equal((await admin.post('/settings/mail', accountForm(server, { host }))).status, 422, host)
  for (const port of ['0', '65536', 'x'])
    t.equal((await admin.post('/settings/mail', accountForm(server, { port }))).status, 422)
})

t.test('an answer of a server is told in our words, by its numbers and by what was asked', async (t) => {
  const { answers } = text.mail
  for (const [code, words, command, means] of [
    [535, '5.7.8 Bad credentials', 'AUTH LOGIN', answers.signIn],
    [552, '5.2.2 Mailbox full', 'RCPT TO', answers.full],
    [452, '4.2.2 over quota', 'RCPT TO', answers.full],
    [552, 'too big', 'DATA', answers.tooLarge],
    [550, '5.7.1 spam', 'DATA', answers.unwanted],
    [553, 'not yours', 'MAIL FROM', answers.sender],
    [550, '5.1.1 no such user', 'RCPT TO', answers.recipient],
    [421, 'busy', 'CONN', answers.later],
    [554, 'no', 'DATA', answers.refused],
  ] as const)
    t.equal(meaningOf({ code, words, command }), means, words)
})
