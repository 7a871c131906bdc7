import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import t from 'tap'
import { openDatabase } from '../../../src/kernel/db/open.ts'
import { insertWithIds } from '../../../src/kernel/db/schema.ts'
import { contentHash } from '../../../src/kernel/history/chain.ts'
import { recordEvent } from '../../../src/kernel/history/history.ts'
import { forgetAnchor } from '../../../src/operation/audit-log/anchor.ts'
import { keyedAction } from '../../../src/operation/audit-log/breaks.ts'
import { beginCheck, checkBlock, endCheck } from '../../../src/operation/audit-log/check.ts'
import { sealEvents } from '../../../src/operation/audit-log/sealer.ts'
import { buildTestApp, password } from '../../fixtures/app.ts'
import { until } from '../../fixtures/patience.ts'
import { signedIn, startServer } from '../../fixtures/server.ts'
import { verify, write } from './fixtures/log.ts'

const whole = '完好：没有日志被改动、删除或添加。'

async function world(t: Parameters<typeof buildTestApp>[0], count = 12) {
  const { app, db, as } = await buildTestApp(t)
  const admin = await as('韩梅梅')
  await write(db, count)
  await sealEvents(db, app.config)
  return { app, db, admin }
}

const numbers = (db: Knex): Promise<number[]> => db('event_links').orderBy('sequence').pluck('sequence')

t.test('every entry carries its hash from the start and is linked in order, without a gap', async (t) => {
  const { app, db } = await world(t)
  const events = await db('events').orderBy('id')
  t.strictSame(
    events.map(({ hash }) => hash),
    events.map((event) => contentHash(event)),
  )
  t.strictSame(
    await db('event_links').orderBy('sequence').pluck('event_id'),
    events.map(({ id }) => id),
  )
  t.strictSame(
    await numbers(db),
    [...events.keys()].map((index) => index + 1),
  )
  t.equal(new Set(await db('event_links').pluck('hash')).size, events.length)
  const state = async () => [await db('event_chain').first(), statSync(join(app.config.dataDir, 'log.anchor')).ino]
  const before = await state()
  await sealEvents(db, app.config)
  t.strictSame(await state(), before, 'nothing is written where nothing came')
})

t.test('the canonical text is the same whatever the database is and whatever was typed', async (t) => {
  const { db } = await buildTestApp(t)
  const event = {
    occurred_at: '2026-11-26T08:00:00.123Z',
    user_id: 7,
    user_name: '王\u{20BB7}芳',
    address: '::1',
    action: 'update',
    record_type: 'customers',
    record_id: 5,
    record_version: 2,
    record_name: '长春 "明日" 科技',
    changes: '[{"field":"name","before":null,"after":"甲","beforeText":"","afterText":"甲"}]',
  }
  t.equal(contentHash(event), '1:DvY0pnWM4e4zC7Z4nZVH498a8r0v9DzFDtCde_UzOUQ', 'never changes for version 1')
  t.not(contentHash({ ...event, address: null }), contentHash(event))
  const actor = { id: null, name: '半\ud842个', address: null }
  await recordEvent(db, actor, { action: 'update', record_name: `${'字'.repeat(199)}\u{20BB7}` })
  const stored = await db('events').orderBy('id', 'desc').first()
  t.equal(stored.hash, contentHash(stored), 'half characters are no difference')
})

t.test('a check of an untouched log says so, from when to when, and how many', async (t) => {
  const { db, admin } = await world(t)
  const said = await verify(admin)
  t.match(said, whole)
  const { page, text } = await admin.get('/audit-log/verification')
  t.match(text, /校验条数14 起始序号1 结束序号14/)
  t.match(page.querySelector('main .flash-notice')?.text, whole)
  const empty = await admin.get('/audit-log/verification/comparison')
  t.strictSame([empty.status, empty.page.querySelector('[role=alert]')], [200, null], 'nothing was typed yet')
  t.match(page.querySelector('a[href="/audit-log/verification/print"]')?.text, '打印')
  t.match(await db('events').where({ action: 'verify' }).first(), { user_name: '韩梅梅', record_type: 'events' })
  const report = await admin.get('/audit-log/verification/print')
  t.match(report.text, whole)
  t.match(report.text, '校验人签字')
  t.match(await verify(admin), whole, 'the check is an entry itself and is checked the next time')
})

const changed: Record<string, Record<string, unknown>> = {
  'a name': { user_name: '别人' },
  'a time': { occurred_at: '2020-01-01T00:00:00.000Z' },
  'an address': { address: null },
  'the record': { record_id: 99 },
  'what was changed': { changes: '[]' },
  'what was changed, to what is no list,': { changes: '{' },
  'its hash': { hash: '1:abc' },
}

for (const [what, values] of Object.entries(changed))
  t.test(`${what} that is changed in the database is found, and its entry named`, async (t) => {
    const { db, admin } = await world(t)
    const { sequence, event_id } = await db('event_links').where({ sequence: 6 }).first()
    await db('events').where({ id: event_id }).update(values)
    t.match(await verify(admin), `发现 1 处异常。第一处： 第 ${sequence} 条（编号 ${event_id}）的内容或校验值被改动。`)
    const { page } = await admin.get('/audit-log/verification')
    t.ok(page.querySelector(`a[href="/audit-log/${event_id}"]`))
  })

t.test(
  'who makes the hash of a changed entry anew is found by its link, who makes the link anew by the next',
  async (t) => {
    const { db, admin } = await world(t)
    const { event_id } = await db('event_links').where({ sequence: 6 }).first()
    const event = await db('events').where({ id: event_id }).first()
    await db('events')
      .where({ id: event_id })
      .update({ user_name: '别人', hash: contentHash({ ...event, user_name: '别人' }) })
    t.match(await verify(admin), `第 6 条（编号 ${event_id}）`)
    await db('event_links').where({ sequence: 6 }).update({ hash: '1:made-anew' })
    t.match(await verify(admin), '发现 2 处异常。第一处： 第 6 条')
  },
)

t.test('an entry that was removed is named, in the middle and at either end', async (t) => {
  const { db, admin } = await world(t)
  const at = async (sequence: number) => (await db('event_links').where({ sequence }).first()).event_id
  const id = await at(5)
  await db('events').where({ id }).delete()
  t.match(await verify(admin), `第 5 条（编号 ${id}）被删除。`)
  await db('event_links').where({ sequence: 5 }).delete()
  t.match(await verify(admin), '从第 5 条起缺少 1 条。')
  await db('events')
    .where({ id: await at(1) })
    .delete()
  await db('event_links').where('sequence', '<', 3).delete()
  t.match(await verify(admin), '从第 1 条起缺少 2 条。')
})

t.test('an end that was cut off is noticed', async (t) => {
  const { db, admin } = await world(t)
  const { sequence } = await db('event_chain').first()
  const last = db('event_links').where('sequence', '>', sequence - 3)
  await db('events').whereIn('id', last.clone().select('event_id')).delete()
  await last.clone().delete()
  t.match(await verify(admin), `从第 ${sequence - 2} 条起缺少 3 条。`)
})

t.test('an end that is set back or gone is noticed', async (t) => {
  const { db, admin } = await world(t)
  const earlier = await db('event_links').where({ sequence: 8 }).first()
  await db('event_chain').update({ sequence: 8, hash: earlier.hash })
  t.match(await verify(admin), '末尾记录的序号或校验值与第 8 条不符。')
  await db('event_chain').delete()
  t.match(await verify(admin), '末尾记录的序号或校验值与第 0 条不符。')
  t.equal((await admin.get('/audit-log/1')).status, 200)
})

t.test('the place where the chain ends cannot be set back with it: a printed report knows better', async (t) => {
  const { db, admin } = await world(t)
  await verify(admin)
  const report = await admin.get('/audit-log/verification/print')
  const [, sequence, hash] = /结束序号 ?([\d,]+).*结束处校验值 ?(2:[\w:-]+)/.exec(report.text) ?? []
  const compare = (last_sequence = '', last_hash = '') =>
    admin.get(`/audit-log/verification/comparison?${new URLSearchParams({ last_sequence, last_hash })}`)
  t.match((await compare(sequence, hash)).text, '一致：那份报告所覆盖的日志没有被替换。')
  t.match((await compare(sequence, '1:another')).text, '不一致')
  t.match((await compare('999999', hash)).text, '末尾可能被截断')
  const wrong = await compare('x', 'y')
  t.equal(wrong.status, 422)
  t.match(wrong.text, /请填写报告上的结束序号.*请填写报告上的结束处校验值/)
  t.equal(wrong.page.querySelector('#comparison-last_hash')?.getAttribute('value'), 'y', 'what was typed stays')
  t.equal((await compare('', '')).status, 422)
  const { event_id } = await db('event_links')
    .where({ sequence: Number(sequence) - 1 })
    .first()
  await db('event_links')
    .where('sequence', '>=', Number(sequence) - 1)
    .delete()
  await db('events').where('id', '>=', event_id).delete()
  const end = await db('event_links').orderBy('sequence', 'desc').first()
  await db('event_chain').update({
    sequence: end.sequence,
    hash: end.hash,
    seen_id: end.event_id,
    settled_id: end.event_id,
  })
  await write(db, 5)
  t.match(await verify(admin), '与数据库外记录的末尾不符', 'nor with what is kept outside of the database')
  t.match((await compare(sequence, hash)).text, '不一致')
})

t.test('an entry that was put in by hand is found: at the end, without a hash, and between others', async (t) => {
  const { db, admin } = await world(t)
  const row = { occurred_at: new Date().toISOString(), user_name: '韩梅梅', action: 'sign-in' }
  const [{ id }] = await db('events').insert(row).returning('id')
  t.match(await verify(admin), `编号 ${id} 的日志不是本程序写入的。`)
  t.match((await admin.get(`/audit-log/${id}`)).text, '不是本程序写入的，没有校验值。')
  const [{ id: hashed }] = await db('events')
    .insert({ ...row, hash: '1:invented' })
    .returning('id')
  t.match(await verify(admin), '发现 2 处异常')
  t.match((await admin.get(`/audit-log/${hashed}`)).text, '校验值')
})

t.test('an entry that was put in by hand below all others is found', async (t) => {
  const { db, admin } = await world(t)
  const row = { occurred_at: new Date().toISOString(), user_name: '韩梅梅', action: 'sign-in' }
  await insertWithIds(db, { name: 'events', isNumbered: true }, [{ ...row, id: -3, hash: '1:invented' }])
  t.match(await verify(admin), '编号 -3 的日志不是本程序写入的。')
})

t.test('an entry changed before it was sealed is found too', async (t) => {
  const { db, admin } = await world(t)
  await write(db, 1)
  const { id } = (await db('events').max({ id: 'id' }).first()) as { id: number }
  await db('events').where({ id }).update({ user_name: '别人' })
  t.match(await verify(admin), `（编号 ${id}）的内容或校验值被改动。`)
})

t.test('an entry that comes late, with a lower number than others, gets its place', async (t) => {
  const { app, db, admin } = await world(t)
  const next = ((await db('events').max({ id: 'id' }).first()) as { id: number }).id + 1
  await write(db, 1)
  const late = await db('events').where({ id: next }).first()
  await db('events').where({ id: next }).delete()
  await write(db, 3)
  await sealEvents(db, app.config)
  const chain = await db('event_chain').first()
  t.equal(chain.settled_id, next - 1, 'one number is still open')
  t.match(await verify(admin), whole)
  await insertWithIds(db, { name: 'events', isNumbered: true }, [late])
  await sealEvents(db, app.config)
  t.ok(await db('event_links').where({ event_id: next }).first())
  t.match(await verify(admin), whole)
})

t.test('a number that never came is given up after a while', async (t) => {
  const { app, db, admin } = await world(t)
  await write(db, 1, {}, 3)
  await write(db, 2)
  const { id } = (await db('events').max({ id: 'id' }).first()) as { id: number }
  await db('events')
    .where({ id: id - 1 })
    .delete()
  await write(db, 1)
  await sealEvents(db, app.config)
  t.ok((await db('event_chain').first()).settled_id < id)
  await write(db, 1, {}, 1)
  await sealEvents(db, app.config)
  const chain = await db('event_chain').first()
  t.equal(chain.settled_id, chain.seen_id)
  t.match(await verify(admin), whole)
})

t.test('entries older than the chain are linked at the first start, and guarded from then on', async (t) => {
  const { app, db, admin } = await world(t, 0)
  await write(db, 1_200)
  await db('events').update({ hash: null })
  const { id } = (await db('events').max({ id: 'id' }).first()) as { id: number }
  await db('event_links').delete()
  await db('event_chain').update({ adopted_id: id, seen_id: 0, settled_id: 0, sequence: 0, hash: '' })
  await forgetAnchor(app.config)
  await sealEvents(db, app.config)
  t.equal((await db('event_chain').first()).sequence, id + 1, 'and one more says from where on it is keyed')
  t.match(await db('events').where({ action: keyedAction }).first(), { user_name: '程序' })
  t.match(await verify(admin), whole)
  await db('events').where({ id: 700 }).update({ user_name: '别人' })
  t.match(await verify(admin), '（编号 700）的内容或校验值被改动')
})

t.test('two servers on one database make one chain', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'kehu-chain-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const file = join(folder, 'a.db')
  const config = { dataDir: folder, secretKeyFile: join(folder, 'secret.key') }
  const settings = { DATABASE_URL: `sqlite:${file}`, DATA_DIR: folder, INITIAL_PASSWORD: password }
  const servers = [await startServer(t, settings), await startServer(t, settings)]
  const failures = servers.flatMap(({ address }) =>
    Array.from({ length: 4 }, () => signedIn(address, 'nobody', 'Wrong wrong 1')),
  )
  await Promise.all(failures)
  const db = openDatabase({ client: 'better-sqlite3', file })
  t.teardown(() => db.destroy())
  await until(async () => (await db('event_links').pluck('event_id')).length >= 8)
  for (const { end } of servers) t.equal(await end('SIGTERM'), 0)
  const [sealed, events] = [await db('event_links').pluck('event_id'), await db('events').orderBy('id').pluck('id')]
  t.equal(events.length, 8)
  t.strictSame(sealed, events, 'without anybody asking')
  await sealEvents(db, config)
  t.strictSame(
    await numbers(db),
    events.map((_id, index) => index + 1),
  )
  const check = await beginCheck(db, config)
  while (await checkBlock(db, check, config));
  await endCheck(db, check)
  t.match(check, { fault_count: 0, row_count: 8 })
})
