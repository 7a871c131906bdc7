import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { sharedTurn, turnQueue } from '../../../src/kernel/db/write-queue.ts'
import { newFolder } from '../../fixtures/folder.ts'

const soon = () => new Promise((resolve) => setImmediate(resolve))

t.test('threads write in the order in which they ask', async (t) => {
  const queue = turnQueue()
  const [first, second, third] = [queue.place(), queue.place(), queue.place()]
  const order: string[] = []
  await first.take()
  void second.take().then(() => order.push('second'))
  void third.take().then(() => order.push('third'))
  await soon()
  t.same(order, [])
  first.leave()
  await soon()
  t.same(order, ['second'])
  second.leave()
  await soon()
  t.same(order, ['second', 'third'])
})

t.test('a thread that is gone holds nobody up, whether it wrote or waited', async (t) => {
  const queue = turnQueue()
  const [first, second, third] = [queue.place(), queue.place(), queue.place()]
  await first.take()
  void second.take().then(() => t.fail('the closed place was given a turn'))
  const last = third.take()
  second.close()
  first.close()
  await last
  third.leave()
  await first.take()
  t.pass('and the queue goes on')
})

t.test('who comes late in a thread waits until the others had their turn; a single statement does not', async (t) => {
  const queue = turnQueue()
  const [ours, theirs] = [queue.place(), queue.place()]
  const writing = sharedTurn(ours)
  const order: string[] = []
  await writing.take()
  await writing.take()
  await new Promise((resolve) => setTimeout(resolve, 30))
  void writing.take().then(() => order.push('late'))
  void theirs.take().then(() => order.push('theirs'))
  await writing.join()
  writing.leave()
  writing.leave()
  await soon()
  t.same(order, [], 'one of the first two still writes')
  writing.leave()
  await soon()
  t.same(order, ['theirs'])
  theirs.leave()
  await soon()
  t.same(order, ['theirs', 'late'])
})

t.test('two connections to one file write side by side; each sees what the other wrote', async (t) => {
  const file = join(newFolder(t), 'turns.db')
  const queue = turnQueue()
  const open = () => openDatabase({ client: 'better-sqlite3', file }, { writing: sharedTurn(queue.place()) })
  const [one, other] = [open(), open()]
  t.teardown(() => Promise.all([one.destroy(), other.destroy()]))
  await one.schema.createTable('counters', (table) => table.integer('count'))
  await one('counters').insert({ count: 0 })
  const add = (db: typeof one) =>
    db.transaction(async (trx) => {
      const { count } = await trx('counters').first()
      await soon()
      await trx('counters').update({ count: count + 1 })
    })
  const single = (db: typeof one) => db('counters').increment('count', 1)
  const rounds = Array.from({ length: 30 }, () => [add(one), add(other), single(one), single(other)])
  await Promise.all(rounds.flat())
  t.equal((await other('counters').first()).count, 120)
})

t.test('a transaction that fails gives its turn on', async (t) => {
  const file = join(newFolder(t), 'turns.db')
  const queue = turnQueue()
  const db = openDatabase({ client: 'better-sqlite3', file }, { writing: sharedTurn(queue.place()) })
  t.teardown(() => db.destroy())
  await t.rejects(db.transaction((trx) => trx('missing').insert({ x: 1 })))
  await t.rejects(db('missing').insert({ x: 1 }))
  const other = queue.place()
  await other.take()
  other.leave()
})

t.test('a thread that dies while it writes gives its turn on', async (t) => {
  const queue = turnQueue()
  const seat = queue.seat()
  // Nothing else of the test keeps the process while the turn of the dead thread comes back.
  const held = setInterval(() => {}, 1_000)
  t.teardown(() => clearInterval(held))
  const code = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(${JSON.stringify(new URL('../../../src/kernel/db/write-queue.ts', import.meta.url).href)}).then(async ({ placeAt }) => {
      await placeAt(workerData).take()
      parentPort.postMessage('writing')
      setTimeout(() => { throw new Error('out of memory') }, 50)
    })
    setTimeout(() => {}, 60_000)`
  const thread = new Worker(code, { eval: true, execArgv: [], workerData: seat, transferList: [seat.port] })
  const died = new Promise((resolve) => thread.once('error', resolve))
  await new Promise((resolve) => thread.once('message', resolve))
  const ours = queue.place()
  await ours.take()
  t.match(await died, { message: 'out of memory' })
  ours.leave()
})

t.test('threads that hardly wait for one another never write at the same time', async (t) => {
  const [rounds, threads] = [300, 2]
  const queue = turnQueue()
  const seen = new Int32Array(new SharedArrayBuffer(8))
  const code = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(${JSON.stringify(new URL('../../../src/kernel/db/write-queue.ts', import.meta.url).href)}).then(async ({ placeAt }) => {
      const { seat, seen, rounds } = workerData
      const place = placeAt(seat)
      seat.port.ref()
      for (let round = 0; round < rounds; round++) {
        await place.take()
        if (Atomics.add(seen, 0, 1) > 0) Atomics.add(seen, 1, 1)
        if (round % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
        Atomics.sub(seen, 0, 1)
        place.leave()
        if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      seat.port.close()
    })`
  const ends = Array.from({ length: threads }, () => {
    const seat = queue.seat()
    const workerData = { seat, seen, rounds }
    const thread = new Worker(code, { eval: true, execArgv: [], workerData, transferList: [seat.port] })
    return new Promise((resolve, reject) => thread.once('exit', resolve).once('error', reject))
  })
  const ours = queue.place()
  for (let round = 0; round < rounds; round++) {
    await ours.take()
    if (Atomics.add(seen, 0, 1) > 0) Atomics.add(seen, 1, 1)
    await soon()
    Atomics.sub(seen, 0, 1)
    ours.leave()
    if (round % 2 === 0) await soon()
  }
  await Promise.all(ends)
  t.equal(seen[1], 0)
  t.equal(queue.count(), rounds * (threads + 1), 'and each had all its turns')
})
