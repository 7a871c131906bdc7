import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { contentHash, linkHash, plainLinkHash } from '../../../src/kernel/history/chain.ts'
import { openSecrets } from '../../../src/kernel/secrets.ts'
import { forgetAnchor } from '../../../src/operation/audit-log/anchor.ts'
import { breakAction, keyedAction } from '../../../src/operation/audit-log/breaks.ts'
import { sealEvents } from '../../../src/operation/audit-log/sealer.ts'
import { buildTestApp } from '../../fixtures/app.ts'
import { verify, write } from './fixtures/log.ts'

const whole = '完好：没有日志被改动、删除或添加。'
const broken = '与数据库外记录的末尾不符'

/*
 * Somebody who can write into the database, and does not have the key file. He takes the fourth entry out and makes
 * everything else fit again.
 */

async function world(t: Test) {
  const made = await buildTestApp(t)
  const admin = await made.as('韩梅梅')
  await write(made.db, 8)
  await sealEvents(made.db, made.app.config)
  return { ...made, admin, config: made.app.config }
}

type Linking = (link: Parameters<typeof plainLinkHash>[0]) => string

/** Makes the whole chain anew over the entries that are there. */
async function relink(db: Knex, linkWith: Linking) {
  const events = await db('events').orderBy('id')
  await db('event_links').delete()
  let end = { sequence: 0, hash: '' }
  for (const event of events) {
    const sequence = end.sequence + 1
    const hash = linkWith({ previous: end.hash, sequence, event_id: event.id, content: contentHash(event) })
    await db('event_links').insert({ sequence, event_id: event.id, hash })
    end = { sequence, hash }
  }
  const { id } = events.at(-1)
  await db('event_chain').update({ ...end, seen_id: id, settled_id: id })
}

const takeOut = (db: Knex) => db('events').where({ id: 4 }).delete()

t.test('a chain made anew without a key is noticed by its end outside of the database', async (t) => {
  const { db, admin, config } = await world(t)
  t.match(await verify(admin), whole)
  await takeOut(db)
  await relink(db, plainLinkHash)
  t.match(await verify(admin), broken)
  t.match(await verify(admin), broken, 'for ever')
  await write(db, 3)
  await sealEvents(db, config)
  t.match(await verify(admin), broken)
  t.equal((await db('events').where({ action: breakAction })).length, 1, 'said once')
})

t.test('a chain made anew with a key of his own cannot be checked here, and says so', async (t) => {
  const { db, admin, config } = await world(t)
  await takeOut(db)
  const his = openSecrets(join(config.dataDir, 'his.key')).sealer('log')
  await relink(db, (link) => linkHash(his, link))
  t.match(await verify(admin), '从第 1 条起有用另一把密钥封存的日志')
})

t.test('links of before the key do not stand behind keyed ones', async (t) => {
  const { db, admin } = await world(t)
  const link = await db('event_links').where({ sequence: 5 }).first()
  const previous = (await db('event_links').where({ sequence: 4 }).first()).hash
  const event = await db('events').where({ id: link.event_id }).first()
  const changed = { ...event, user_name: '别人' }
  await db('events')
    .where({ id: event.id })
    .update({ user_name: '别人', hash: contentHash(changed) })
  const content = contentHash(changed)
  await db('event_links')
    .where({ sequence: 5 })
    .update({ hash: plainLinkHash({ ...link, previous, content }) })
  t.match(await verify(admin), `第 5 条（编号 ${event.id}）的内容或校验值被改动`)
})

t.test('an end that was cut off cleanly is noticed, also where the end outside is taken away', async (t) => {
  for (const isAnchorGone of [false, true]) {
    const { db, admin, config } = await world(t)
    const last = await db('event_links').where('sequence', '>', 5)
    await db('events')
      .whereIn(
        'id',
        last.map(({ event_id }) => event_id),
      )
      .delete()
    await db('event_links').where('sequence', '>', 5).delete()
    const end = await db('event_links').where({ sequence: 5 }).first()
    const at = { sequence: 5, hash: end.hash, seen_id: end.event_id, settled_id: end.event_id }
    await db('event_chain').update(at)
    if (isAnchorGone) await forgetAnchor(config)
    t.match(await verify(admin), broken)
  }
})

t.test('an end outside that he wrote himself is not believed', async (t) => {
  const { db, admin, config } = await world(t)
  const file = join(config.dataDir, 'log.anchor')
  await takeOut(db)
  await relink(db, plainLinkHash)
  const { sequence, hash } = await db('event_chain').first()
  const seal = readFileSync(file, 'utf8').trim().split(' ').at(-1)
  writeFileSync(file, `${sequence} ${hash} ${seal}\n`)
  t.match(await verify(admin), broken)
})

t.test(
  'where all of it is made to look like an update of the program, the log says since when it is keyed',
  async (t) => {
    const { db, admin, config } = await world(t)
    await takeOut(db)
    await relink(db, plainLinkHash)
    await forgetAnchor(config)
    await sealEvents(db, config)
    t.match(await db('events').where({ action: keyedAction }).first(), { user_name: '程序', record_type: 'events' })
    t.match(await verify(admin), whole)
    const { sequence } = await db('event_links').where('hash', 'like', '2:%').orderBy('sequence').first()
    t.match((await admin.get('/audit-log/verification')).text, `有密钥保护，自序号${sequence}`)
    const { event_id } = await db('event_links').where({ sequence: 2 }).first()
    const event = { ...(await db('events').where({ id: event_id }).first()), user_name: '别人' }
    await db('events')
      .where({ id: event_id })
      .update({ ...event, hash: contentHash(event) })
    await relink(db, plainLinkHash)
    t.match(await verify(admin), broken, 'and from then on nothing before it can be changed')
  },
)

t.test('an entry that calls what he took out cleaned up is not believed', async (t) => {
  const { db, admin, config } = await world(t)
  const end = await db('event_links').where({ sequence: 6 }).first()
  const gone = await db('event_links').where('sequence', '<=', 6)
  const said = { removed_to: 6, removed_hash: end.hash, removed_seal: 'abcd:efgh' }
  for (const leaving of [{ removed_seal: undefined }, {}]) {
    const changes = Object.entries({ ...said, ...leaving }).map(([field, after]) => ({ field, after }))
    await write(db, 1, { action: 'cleanup', record_type: 'events', changes: changes as never })
    await sealEvents(db, config)
  }
  await db('events')
    .whereIn(
      'id',
      gone.map(({ event_id }) => event_id),
    )
    .delete()
  await db('event_links').where('sequence', '<=', 6).delete()
  t.match(await verify(admin), '从第 1 条起缺少 6 条')
})

t.test(
  'the end outside belongs to the program alone, moves on with the log, and is not there where nothing was written',
  async (t) => {
    const { app, db } = await buildTestApp(t)
    const file = join(app.config.dataDir, 'log.anchor')
    await write(db, 2)
    t.notOk(existsSync(file))
    await sealEvents(db, app.config)
    const first = readFileSync(file, 'utf8')
    await write(db, 1)
    await sealEvents(db, app.config)
    t.match(readFileSync(file, 'utf8'), /^3 2:/)
    writeFileSync(file, first)
    await write(db, 1)
    await sealEvents(db, app.config)
    t.equal(
      (await db('events').where({ action: breakAction })).length,
      0,
      'an older one, of a server that was off, fits',
    )
  },
)
