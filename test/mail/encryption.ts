import { readFileSync } from 'node:fs'
import t from 'tap'
import { makeCertificate, opensslMissing } from '../fixtures/certificate.ts'
import { newFolder } from '../fixtures/folder.ts'
import { mailServer } from './fixtures/mail-server.ts'
import { accountForm, office, reachable, useServer, writeTo } from './fixtures/office.ts'

for (const security of ['tls', 'starttls'] as const)
  t.test(`${security}: a certificate of its own only with a tick`, { skip: opensslMissing ?? false }, async (t) => {
    const { app, db, admin } = await office(t)
    const made = makeCertificate(newFolder(t), 'mail')
    const tls = { secure: security === 'tls', cert: readFileSync(made.cert), key: readFileSync(made.key) }
    const login = { user: 'crm@kehu.example', pass: 'right-one-7' }
    const server = await mailServer(t, login, tls)
    const form = accountForm(server, { security, username: login.user, password: login.pass, next: 'test' })
    await admin.post('/settings/mail', form)
    t.match((await admin.get('/settings/mail')).text, /证书不受信任（DEPTH_ZERO_SELF_SIGNED_CERT）/)
    await useServer(admin, server, {
      security,
      username: login.user,
      password: login.pass,
      is_certificate_trusted: 'true',
      version: '2',
      next: 'test',
    })
    t.match((await admin.get('/settings/mail')).text, '连接成功')
    const { id } = await reachable(db)
    await writeTo(admin, id)
    await app.runJobs()
    t.equal(server.heard.length, 1)
  })
