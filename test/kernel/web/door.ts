import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import { type Browser, buildTestApp, encodeForm } from '../../fixtures/app.ts'
import { until } from '../../fixtures/patience.ts'
import { halfForm, wireTo, written } from '../../fixtures/wire.ts'

const isPublic = { config: { permission: 'public' } } as const

const cookieOf = ({ cookies }: Browser) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')

/** The program on a port: `/held` answers when `letGo` says so, `/long` streams a file; `hold` is for another step. */
async function office(t: Test) {
  const { app, db, as } = await buildTestApp(t)
  const waiting: (() => void)[] = []
  const hold = () => new Promise<void>((resolve) => waiting.push(resolve))
  const letGo = () => {
    for (const go of waiting.splice(0)) go()
  }
  const seen: WeakRef<FastifyRequest>[] = []
  const files = { opened: 0, closed: 0 }
  app.addHook('onRequest', async (request) => void seen.push(new WeakRef(request)))
  app.addHook('preValidation', async ({ headers }) => (headers['x-hold'] ? hold() : undefined))
  app.get('/held', isPublic, async (_request, reply) => {
    await hold()
    return reply.send('at last')
  })
  app.get('/long', isPublic, async (_request, reply) => {
    files.opened++
    return reply.send(createReadStream(process.execPath).on('close', () => files.closed++))
  })
  app.get('/rows', isPublic, (_request, reply) => reply.send(Readable.from(app.door.watch(endlessRows(hold)))))
  const open = await wireTo(t, app)
  const cookie = cookieOf(await as('韩梅梅'))
  return { app, db, as, open, cookie, seen, files, waiting, letGo }
}

async function* endlessRows(hold: () => Promise<void>) {
  try {
    while (true) yield 'x'.repeat(100_000)
  } finally {
    await hold()
  }
}

async function waitedFor(t: Test, closing: Promise<void>, letGo: () => void) {
  let isClosed = false
  const closed = closing.then(() => {
    isClosed = true
  })
  await pause(100)
  t.notOk(isClosed)
  letGo()
  await closed
}

t.test('who goes away is out, whatever way: reset, ended, half a body, in line, upgraded', async (t) => {
  const { app, open, cookie, seen, waiting, letGo, files } = await office(t)
  const list = written('/customers', { headers: { cookie } })
  const ways: Record<string, string> = {
    'a page': list,
    'half a form': halfForm('/customers', { cookie }),
    "half a stranger's form": halfForm('/customers'),
    'half a file': halfForm('/imports', { cookie, 'content-type': 'multipart/form-data; boundary=x' }),
    'pages in line': list.repeat(20),
    'downloads in line': written('/held') + written('/long').repeat(5),
    'half a form in line': written('/held') + halfForm('/customers', { cookie }),
    'an upgrade': written('/customers', { headers: { cookie, connection: 'Upgrade', upgrade: 'websocket' } }),
    'a long file': written('/long'),
  }
  for (const [said, sent] of Object.entries(ways))
    for (const end of ['resetAndDestroy', 'destroy'] as const) {
      const before = seen.length
      const wires = await Promise.all(Array.from({ length: 5 }, open))
      for (const { send } of wires) send(sent)
      await until(() => seen.length >= before + 5)
      for (const { socket } of wires) socket[end]()
      // Those in line stand behind a page that is still being made.
      const letting = setInterval(letGo, 5)
      // A Refusal when somebody stays inside.
      await t.resolves(app.door.close(''), `${said}, ${end}`)
      clearInterval(letting)
      app.door.open()
    }
  t.strictSame(waiting, [])
  await until(() => files.opened === files.closed)
  t.ok(files.opened > 0, 'downloads that were cut off closed their files')
})

t.test('work that has begun is waited for though nobody waits for its answer', async (t) => {
  const { app, open, waiting, letGo } = await office(t)
  const wire = await open()
  wire.send(written('/held'))
  await until(() => waiting.length === 1)
  wire.reset()
  await waitedFor(t, app.door.close(''), letGo)
  app.door.open()
})

t.test('what was asked before the door was closed does not begin behind it', async (t) => {
  const { app, db, open, cookie, waiting, letGo } = await office(t)
  const { id } = await db('users').where({ name: '韩梅梅' }).first('id')
  const save = (name: string) => {
    const body = encodeForm({ name, kind: 'company', registered_on: '2026-05-04', owner_id: id })
    const type = 'application/x-www-form-urlencoded'
    const headers = { 'content-type': type, 'content-length': body.length, 'sec-fetch-site': 'same-origin' }
    return written('/customers', { method: 'POST', headers: { ...headers, cookie, 'x-hold': 'yes' }, body })
  }
  const [gone, staying] = [await open(), await open()]
  gone.send(save('走了的公司'))
  await until(() => waiting.length === 1)
  gone.reset()
  await app.door.close('')
  app.door.open()
  staying.send(save('留下的公司'))
  await until(() => waiting.length === 2)
  letGo()
  await until(() => staying.received.includes('303'))
  t.strictSame(await db('customers').pluck('name'), ['留下的公司'])
})

t.test('what an answer draws on is waited for when it was cut off', async (t) => {
  const { app, open, waiting, letGo } = await office(t)
  const wire = await open()
  wire.send(written('/rows'))
  await until(() => wire.received.length > 0)
  wire.reset()
  await until(() => waiting.length === 1)
  await waitedFor(t, app.door.close(''), letGo)
  app.door.open()
})

t.test('requests that were cut off are forgotten', async (t) => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { open, cookie, seen } = await office(t)
  const before = seen.length
  for (const round of [1, 2, 3, 4, 5]) {
    const wires = await Promise.all(Array.from({ length: 20 }, open))
    for (const [index, { send }] of wires.entries()) send(halfForm('/customers', index % 2 ? { cookie } : {}))
    await until(() => seen.length === before + round * 20)
    for (const { reset } of wires) reset()
  }
  await until(() => {
    collect()
    return seen.every((one) => one.deref() === undefined)
  })
  t.equal(seen.length, before + 100)
})

t.test('a HEAD draws no file: no export is made or noted for it', async (t) => {
  const { db, as } = await office(t)
  const one = await as('韩梅梅')
  const { status, body, headers } = await one.send({ method: 'HEAD', url: '/users.csv' })
  t.equal(status, 200)
  t.equal(body, '')
  t.match(headers['content-type'], 'text/csv')
  t.equal((await db('events').where({ action: 'export' })).length, 0)
})
