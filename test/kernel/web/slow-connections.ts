import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { patience } from '../../../src/kernel/web/slow-connections.ts'
import { text } from '../../../src/texts/index.ts'
import { create } from '../../customers/customers/fixtures/customers.ts'
import { type Browser, buildTestApp } from '../../fixtures/app.ts'
import { makeCertificate, opensslMissing } from '../../fixtures/certificate.ts'
import { openTestDatabase } from '../../fixtures/database.ts'
import { newFolder } from '../../fixtures/folder.ts'
import { until } from '../../fixtures/patience.ts'
import { halfForm, wireTo, written } from '../../fixtures/wire.ts'
import { multipart, multipartType } from '../files/fixtures/upload.ts'

const isPublic = { config: { permission: 'public' } } as const
const asEver = { ...patience }
t.afterEach(() => void Object.assign(patience, asEver))

/** The program on a port, with some parts of its patience shortened. */
async function office(t: Test, shortened: Partial<typeof patience>) {
  Object.assign(patience, { every: 20 }, shortened)
  const { app, db, as } = await buildTestApp(t)
  const held: { go?: () => void } = {}
  const hold = () =>
    new Promise<void>((resolve) => {
      held.go = resolve
    })
  app.addHook('preHandler', async ({ headers }) => (headers['x-hold'] ? hold() : undefined))
  app.get('/held', isPublic, async (_request, reply) => {
    await hold()
    return reply.send('at last')
  })
  app.get('/endless', isPublic, (_request, reply) => reply.send(readFileSync(process.execPath)))
  const connections: Socket[] = []
  app.server.on('connection', (socket) => connections.push(socket))
  const open = await wireTo(t, app)
  return { db, as, open, held, connections }
}

const cookieOf = ({ cookies }: Browser) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')

type Wire = Awaited<ReturnType<Awaited<ReturnType<typeof wireTo>>>>

/** Sends a letter now and then, for as long as one is listened to. */
async function trickle({ socket, send }: Pick<Wire, 'socket' | 'send'>, letter = 'x') {
  while (!socket.destroyed && !socket.readableEnded) {
    send(letter)
    await pause(10)
  }
}

t.test('who never ends the head of a request is cut off', async (t) => {
  const { open } = await office(t, { headers: 150 })
  const wires = await Promise.all(Array.from({ length: 10 }, open))
  for (const { send } of wires) send('GET /login HTTP/1.1\r\nhost: kehu.test\r\nx-slow: ')
  await Promise.all(wires.map((wire) => trickle(wire)))
  for (const { received } of wires) t.match(received, /^HTTP\/1.1 408 /)
})

t.test('over https too, and who does not even begin', { skip: opensslMissing }, async (t) => {
  Object.assign(patience, { every: 20, headers: 150, handshake: 150 })
  const files = makeCertificate(newFolder(t), 'one')
  const https = { cert: readFileSync(files.cert), key: readFileSync(files.key) }
  const { db, drop } = await openTestDatabase()
  const app = await buildApp(readConfig({ DATA_DIR: newFolder(t), DATABASE_URL: 'sqlite::memory:' }), db, { https })
  t.teardown(async () => {
    await app.close()
    await drop()
  })
  const open = await wireTo(t, app)
  const silent = await open()
  const { port } = app.server.address() as { port: number }
  // On a busy machine the secret talk itself may take longer than it is let.
  let socket: TLSSocket | undefined
  while (!socket) socket = await speakTls(port)
  const own = socket
  own.write('GET /login HTTP/1.1\r\nhost: kehu.test\r\nx-slow: ')
  await trickle({ socket: own, send: (letter) => own.write(letter) })
  await until(() => silent.socket.readableEnded || silent.socket.destroyed)
  t.pass('both were cut off')
})

/** A connection over which https can be spoken; undefined when it was cut off before. */
async function speakTls(port: number) {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
  socket.on('error', () => {}).resume()
  const isOpen = await new Promise((resolve) => {
    socket.once('secureConnect', () => resolve(true)).once('close', () => resolve(false))
  })
  return isOpen ? socket : undefined
}

t.test('a form that trickles in is cut off with a sentence, signed in or not, read or not', async (t) => {
  const { as, open } = await office(t, { pace: { bytes: 1000, within: 150 } })
  const cookie = cookieOf(await as('韩梅梅'))
  const wires = await Promise.all(Array.from({ length: 4 }, open))
  const [own, strange, file, chunked] = wires as [Wire, Wire, Wire, Wire]
  own.send(halfForm('/customers', { cookie }))
  strange.send(halfForm('/customers'))
  file.send(halfForm('/imports', { cookie, 'content-type': multipartType }))
  chunked.send(
    written('/login', {
      method: 'POST',
      headers: {
        'transfer-encoding': 'chunked',
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
      },
    }),
  )
  await Promise.all([trickle(own), trickle(strange), trickle(file), trickle(chunked, '1\r\nx\r\n')])
  for (const { received } of [own, strange, chunked]) {
    t.match(received, /^HTTP\/1.1 408 /)
    t.match(received, text.errors.tooSlow)
  }
  t.ok(file.socket.destroyed || file.socket.readableEnded, 'and one whose answer is there already')
})

t.test('a form that comes in quick pieces has an end all the same', async (t) => {
  const { open } = await office(t, { form: 200, pace: { bytes: 1, within: 60_000 } })
  const wire = await open()
  wire.send(halfForm('/customers'))
  await trickle(wire)
  t.match(wire.received, /^HTTP\/1.1 408 /)
})

t.test('an upload may take as long as it goes on; what waits for us is no fault of its sender', async (t) => {
  const { as, db, open, held } = await office(t, { form: 100, pace: { bytes: 1000, within: 2_000 } })
  const admin = await as('韩梅梅')
  const id = await create(admin)
  const content = multipart(Buffer.alloc(400_000, 'x'), '长.txt')
  const headers = { cookie: cookieOf(admin), 'content-type': multipartType, 'content-length': content.length }
  const send = async (step: number, more: Record<string, string> = {}) => {
    const wire = await open()
    const own = { 'sec-fetch-site': 'same-origin', ...headers, ...more }
    wire.send(written(`/customers/${id}/files`, { method: 'POST', headers: own }))
    for (let at = 0; at < content.length; at += step) {
      wire.socket.write(content.subarray(at, at + step))
      if (step < content.length) await pause(20)
    }
    return wire
  }
  const slow = await send(8_000)
  await until(() => slow.received.startsWith('HTTP/1.1'))
  t.match(slow.received, /^HTTP\/1.1 303/, 'longer than a form may take')
  const waiting = await send(content.length, { 'x-hold': 'yes' })
  await pause(2_500)
  held.go?.()
  await until(() => waiting.received.startsWith('HTTP/1.1'))
  t.match(waiting.received, /^HTTP\/1.1 303/, 'longer than a pause of the sender')
  t.equal((await db('files')).length, 2)
})

t.test('an answer nobody takes is given up; one that is long in the making is not', async (t) => {
  const { connections, open, held } = await office(t, { unread: 150 })
  const [deaf, patient] = [await open(), await open()]
  const [connection] = connections
  deaf.socket.pause()
  deaf.send(written('/endless'))
  patient.send(written('/held'))
  await until(() => connection?.destroyed === true)
  await pause(500)
  held.go?.()
  await until(() => patient.received.endsWith('at last'))
  t.pass('the patient one has its answer')
})

t.test('of the connections of one address on which nobody signed in the oldest makes room', async (t) => {
  const { as, open } = await office(t, { strangers: 3 })
  const cookie = cookieOf(await as('韩梅梅'))
  const own = await open()
  own.send(written('/customers', { headers: { cookie } }))
  await until(() => own.received.includes('200 OK'))
  const strangers: Wire[] = []
  for (const _ of Array(5)) strangers.push(await open())
  const isOpen = ({ socket }: Wire) => !socket.destroyed && !socket.readableEnded
  await until(() => strangers.filter(isOpen).length === 3)
  t.strictSame(strangers.map(isOpen), [false, false, true, true, true])
  own.received = ''
  own.send(written('/customers', { headers: { cookie } }))
  await until(() => own.received.includes('200 OK'))
})

t.test('behind a proxy all come from one address, and none makes room', async (t) => {
  for (const trustProxy of ['true', '127.0.0.1']) {
    Object.assign(patience, { strangers: 3 })
    const { db, drop } = await openTestDatabase()
    const config = readConfig({ DATA_DIR: newFolder(t), DATABASE_URL: 'sqlite::memory:', TRUST_PROXY: trustProxy })
    const app = await buildApp(config, db)
    t.teardown(async () => {
      await app.close()
      await drop()
    })
    let arrived = 0
    app.server.on('connection', () => arrived++)
    const open = await wireTo(t, app)
    const wires = await Promise.all(Array.from({ length: 5 }, open))
    await until(() => arrived === 5)
    for (const { send } of wires) send(written('/healthz'))
    await until(() => wires.every(({ received }) => received.includes('{"status":"ok"}')))
  }
})
