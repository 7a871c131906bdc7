import t from 'tap'
import { text } from '../../../src/texts/index.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { until } from '../../fixtures/patience.ts'
import { wireTo, written } from '../../fixtures/wire.ts'

t.test('two hosts are none', async (t) => {
  const { app } = await buildTestApp(t)
  const open = await wireTo(t, app)
  for (const path of ['/login', '/healthz', '/nowhere']) {
    const wire = await open()
    wire.send(`GET ${path} HTTP/1.1\r\nHost: kehu.test\r\nHost: other.test\r\n\r\n`)
    await until(() => wire.received.includes('</html>'))
    t.match(wire.received, /^HTTP\/1.1 400 /, path)
  }
  const one = await open()
  one.send(written('/healthz'))
  await until(() => one.received.includes('"ok"'))
})

t.test('where it is known what people type, another name is refused and the right one told', async (t) => {
  const { anyone } = await buildTestApp(t, { PUBLIC_URL: 'https://crm.example.cn' })
  const status = async (host: string, path = '/login') => (await anyone.get(path, { host })).status
  for (const host of [
    'crm.example.cn',
    'CRM.example.cn',
    'crm.example.cn:443',
    'localhost:3000',
    '127.0.0.1:3000',
    '[::1]:3000',
  ])
    t.equal(await status(host), 200, host)
  for (const host of [
    'evil.test',
    'crm.example.cn.evil.test',
    'crm.example.cn:8443',
    '192.168.1.9:3000',
    'a b',
    '127.0.0.1.evil.test',
  ])
    t.equal(await status(host), 421, host)
  t.equal(await status('evil.test', '/healthz'), 200)
  t.equal(await status('evil.test', '/nowhere'), 421)
  const { body, headers } = await anyone.get('/customers', { host: 'evil.test' })
  t.match(body, text.errors.otherHost)
  t.match(body, 'href="https://crm.example.cn"')
  t.match(headers['content-security-policy'], "default-src 'none'")
  t.equal((await anyone.post('/login', { username: 'mr' }, { host: 'evil.test' })).status, 421)
})

t.test('the name that a believed proxy hands on counts; without a known name every one is taken', async (t) => {
  const { anyone } = await buildTestApp(t, { PUBLIC_URL: 'https://crm.example.cn', TRUST_PROXY: 'true' })
  const forwarded = (name: string) => anyone.get('/login', { host: 'kehu:3000', 'x-forwarded-host': name })
  t.equal((await forwarded('crm.example.cn')).status, 200)
  t.equal((await forwarded('evil.test')).status, 421)
  const other = await buildTestApp(t)
  t.equal((await other.anyone.get('/login', { host: 'anything.test' })).status, 200)
})

t.test('an address that is none, or none any more, is no fault of the program', async (t) => {
  const { anyone } = await buildTestApp(t, { TRUST_PROXY: 'true' })
  for (const address of [
    '',
    ' ',
    'unknown',
    '_hidden',
    'fe80::1%eth0',
    '1.2.3.4:80',
    '[::1]',
    ',',
    '::ffff:1.2.3.4',
    '\u4e2d',
  ])
    for (const answer of [
      await anyone.get('/nowhere', { 'x-forwarded-for': address }),
      await anyone.post('/login', { username: 'x', password: 'y' }, { 'x-forwarded-for': address }),
    ])
      t.ok(answer.status < 500, `${address} ${answer.status}`)
  const { app } = await buildTestApp(t)
  app.server.on('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: undefined }))
  const open = await wireTo(t, app)
  const body = 'username=%E6%9D%8E%E9%9B%B7&password=wrong'
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
  const asked = { method: 'POST', headers: { ...headers, 'content-length': body.length }, body }
  for (const sent of [written('/nowhere'), written('/login', asked)]) {
    const wire = await open()
    wire.send(sent)
    await until(() => wire.received.startsWith('HTTP/1.1 '))
    t.notMatch(wire.received, /^HTTP\/1.1 5/)
  }
})
