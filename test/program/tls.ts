import { copyFileSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { connect } from 'node:tls'
import t from 'tap'
import { readTls, TlsError } from '../../src/program/tls.ts'
import { text } from '../../src/texts/index.ts'
import { makeCertificate, opensslMissing } from '../fixtures/certificate.ts'
import { newFolder } from '../fixtures/folder.ts'
import { until } from '../fixtures/patience.ts'
import { refusedStart, spawnServer } from '../fixtures/server.ts'

const password = '足够长的密码 2026'
const day = 86_400_000

type Asked = { path: string; ca: Buffer; form?: Record<string, string>; cookie?: string }

/** Asks a running server over TLS, and trusts its certificate only. */
function ask(address: string, { path, ca, form, cookie = '' }: Asked) {
  const headers = form ? { 'content-type': 'application/x-www-form-urlencoded', origin: address, cookie } : { cookie }
  return new Promise<{ status?: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const sent = request(new URL(path, address), { method: form ? 'POST' : 'GET', ca, headers }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode, headers: answer.headers }))
    })
    sent.on('error', reject).end(form && new URLSearchParams(form).toString())
  })
}

async function startTls(t: Parameters<typeof spawnServer>[0], settings: Record<string, string>) {
  const { child, output } = spawnServer(t, settings)
  await until(() => /Ctrl\+C/.test(output.text) || child.exitCode !== null)
  const [address = ''] = /https:\/\/[\w.:]+/.exec(output.text) ?? []
  return { child, output, address }
}

t.test('with certificate and key it speaks https: secure cookies, HSTS', { skip: opensslMissing }, async (t) => {
  const folder = newFolder(t)
  const files = makeCertificate(folder, 'one')
  const settings = {
    TLS_CERT: files.cert,
    TLS_KEY: files.key,
    DATA_DIR: join(folder, 'data'),
    INITIAL_PASSWORD: password,
  }
  const { address, output, child } = await startTls(t, settings)
  t.match(address, /^https:/)
  t.match(output.text, text.server.ready(address))
  const ca = readFileSync(files.cert)
  const page = await ask(address, { path: '/login', ca })
  t.equal(page.status, 200)
  t.match(page.headers['strict-transport-security'], /max-age=31536000/)
  const entered = await ask(address, { path: '/login', ca, form: { username: 'mr', password } })
  t.equal(entered.status, 303)
  const set = String(entered.headers['set-cookie'])
  t.match(set, /^__Host-kehu_session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax/)
  const cookie = set.split(';')[0] as string
  t.equal((await ask(address, { path: '/help/remote-access', ca, cookie })).status, 200)
  const plain = await fetch(address.replace('https', 'http')).catch(() => 'nothing')
  t.equal(plain, 'nothing', 'no clear text on the same port')
  const renewed = makeCertificate(folder, 'two')
  copyFileSync(renewed.cert, files.cert)
  copyFileSync(renewed.key, files.key)
  child.kill('SIGHUP')
  await until(async () => (await fingerprint(address)) === print(renewed.cert))
  t.pass('a renewed certificate is taken up while it runs')
  copyFileSync(makeCertificate(folder, 'three').cert, files.cert)
  child.kill('SIGHUP')
  await until(() => output.text.includes('TlsError'))
  t.equal(await fingerprint(address), print(renewed.cert), 'one that does not fit the key is not')
})

const print = (file: string) => readTls({ cert: file, key: file.replace('.crt', '.key') }).certificate.fingerprint256

const fingerprint = (address: string) =>
  new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(address)
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.end()
    })
    socket.on('error', reject)
  })

t.test('files that cannot be used stop the start with one sentence each', { skip: opensslMissing }, async (t) => {
  const folder = newFolder(t, { garbage: 'no certificate' })
  const [one, two] = [makeCertificate(folder, 'one'), makeCertificate(folder, 'two')]
  const missing = join(folder, 'missing.pem')
  const garbage = join(folder, 'garbage')
  const start = (cert: string, key: string) =>
    refusedStart(t, { TLS_CERT: cert, TLS_KEY: key, DATA_DIR: join(folder, 'data') })
  const cases: [string, string, string][] = [
    [missing, one.key, text.server.tlsFileMissing(missing, 'ENOENT')],
    [one.cert, missing, text.server.tlsFileMissing(missing, 'ENOENT')],
    [garbage, one.key, text.server.tlsFileMalformed(garbage)],
    [one.cert, garbage, text.server.tlsFileMalformed(garbage)],
    [one.cert, two.key, text.server.tlsKeyOther(two.key, one.cert)],
  ]
  for (const [cert, key, sentence] of cases) {
    t.throws(() => readTls({ cert, key }), new TlsError(sentence))
  }
  const [wrongKey, alone] = await Promise.all([
    start(one.cert, two.key),
    refusedStart(t, { TLS_CERT: one.cert, DATA_DIR: join(folder, 'data') }),
  ])
  t.equal(wrongKey.code, 1)
  t.equal(wrongKey.errors.trim(), text.server.tlsKeyOther(two.key, one.cert))
  t.equal(alone.code, 1)
  t.match(alone.errors, text.config.TLS_CERT)
})

t.test('a certificate that has expired, or soon will, is a warning', { skip: opensslMissing }, async (t) => {
  const folder = newFolder(t)
  const files = makeCertificate(folder, 'one', 10)
  t.match(readTls(files).warning, /将在 (9|10) 天后过期/)
  t.match(readTls(files, Date.now() + 11 * day).warning, '过期，浏览器会提示不安全')
  t.equal(readTls(makeCertificate(folder, 'two', 400)).warning, null)
  const { output } = await startTls(t, { TLS_CERT: files.cert, TLS_KEY: files.key, DATA_DIR: join(folder, 'data') })
  t.match(output.text, '天后过期')
})

t.test('listening to others without encryption is pointed out', async (t) => {
  const outside = await startPlain(t, { HOST: '0.0.0.0', DATA_DIR: newFolder(t) })
  t.match(outside, text.server.hostOutside('0.0.0.0'))
})

async function startPlain(t: Parameters<typeof spawnServer>[0], settings: Record<string, string>) {
  const { child, output } = spawnServer(t, settings)
  await until(() => /Ctrl\+C/.test(output.text) || child.exitCode !== null)
  return output.text
}
