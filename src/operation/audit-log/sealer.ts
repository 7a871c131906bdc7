import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { contentColumns, contentHash, isContentHash, linkHash, type StoredContent } from '../../kernel/history/chain.ts'
import type { Sealer } from '../../kernel/secrets.ts'
import { type LogPlace, logSealer } from './anchor.ts'
import { fitAnchor, moveAnchor } from './breaks.ts'
import { type Chain, findChain } from './chain.ts'

/*
 * Events are written in the transactions of what they tell, on several servers at once. To chain them there, each would
 * have to wait for the end of the one before. So an event carries the hash of its content from the start, and is linked
 * to the chain (event_links) a moment after the commit, a block at a time. Between the two an event that is changed is
 * noticed all the same; one that is removed is not, for these few seconds.
 *
 * SQL Server gives numbers before the commit, so an event may come late, with a lower number than one that is linked
 * already. `seen_id` is the highest number that was looked at, `settled_id` the one up to which none can come any more.
 */

type Unsealed = { id: number; hash: string | null } & StoredContent
export type Link = { sequence: number; event_id: number; hash: string }

const blockSize = 1_000
/** Longer than any transaction. */
const latestMs = 10 * 60_000
const only = { id: 1 }

/** While the program runs, links what was written every few seconds. */
export function keepSealing(app: FastifyInstance, everyMs = 2_000) {
  const closing = new AbortController()
  let running: Promise<void> | undefined
  const seal = async () => {
    while (!closing.signal.aborted) {
      await app.door
        .pass(() => sealEvents(app.db, app.config))
        .catch((error) => app.log.error({ err: error }, 'sealing'))
      await pause(everyMs, undefined, { ref: false, signal: closing.signal }).catch(() => {})
    }
  }
  app.addHook('onReady', async () => {
    running = seal()
  })
  app.addHook('preClose', async () => {
    closing.abort()
    await running
  })
}

/** Links what was written, and keeps where the chain ends outside of the database. Any server may do it. */
export async function sealEvents(db: Knex, place: LogPlace) {
  await fitAnchor(db, place)
  await linkEvents(db, place)
  await moveAnchor(db, place)
}

/**
 * Links every event to the chain that is committed and not linked yet; two servers at once take turns. Jobs write in a
 * thread that does not wait for the disk, so they leave the end outside of the database alone: it must not be ahead.
 */
export async function linkEvents(db: Knex, place: LogPlace) {
  const sealer = logSealer(place)
  while ((await isBehind(db)) && (await db.transaction((trx) => sealBlock(trx, sealer)))) await turn()
}

async function isBehind(db: Knex): Promise<boolean> {
  const newest = db('events').max('id').as('newest_id')
  const chain = await db('event_chain').where(only).first('settled_id', newest)
  return chain !== undefined && (chain.newest_id ?? 0) > chain.settled_id
}

/** Links one block; answers whether there may be another. */
async function sealBlock(trx: Knex, sealer: Sealer): Promise<boolean> {
  // The row of the chain comes first: it is locked then, and another server waits here.
  await trx('event_chain').where(only).update({ sealed_at: new Date().toISOString() })
  const chain = await findChain(trx)
  const late = chain.settled_id < chain.seen_id ? await lateEvents(trx, chain) : []
  const fresh = await freshEvents(trx, chain)
  const links = linksFor(sealer, chain, [...late, ...fresh])
  await insertAll(trx, 'event_links', links)
  const { sequence, hash } = links.at(-1) ?? chain
  const seen_id = fresh.at(-1)?.id ?? chain.seen_id
  const settled_id = isWhole(chain, fresh) ? seen_id : await settledId(trx, chain, seen_id)
  await trx('event_chain').where(only).update({ sequence, hash, seen_id, settled_id })
  return late.length === blockSize || fresh.length === blockSize
}

const unlinked = (db: Knex) =>
  db('events')
    .whereNotExists(db('event_links').where('event_links.event_id', db.ref('events.id')).select('event_id'))
    .orderBy('id')
    .limit(blockSize)

const lateEvents = (db: Knex, { settled_id, seen_id }: Chain): Promise<Unsealed[]> =>
  unlinked(db).whereNotNull('hash').where('id', '>', settled_id).where('id', '<=', seen_id).select('id', 'hash')

function freshEvents(db: Knex, { seen_id, adopted_id }: Chain): Promise<Unsealed[]> {
  const columns = seen_id < adopted_id ? contentColumns : []
  return db('events')
    .where('id', '>', seen_id)
    .orderBy('id')
    .limit(blockSize)
    .select('id', 'hash', ...columns)
}

/** An event without a hash that is newer than the chain was not written by this program, and is left to the check. */
function linksFor(sealer: Sealer, { sequence, hash, adopted_id }: Chain, events: Unsealed[]): Link[] {
  const links: Link[] = []
  for (const event of events) {
    const content = event.hash ?? (event.id <= adopted_id ? contentHash(event) : null)
    if (!isContentHash(content)) continue
    const last = links.at(-1) ?? { sequence, hash }
    const next = last.sequence + 1
    const link = { previous: last.hash, sequence: next, event_id: event.id, content }
    links.push({ sequence: next, event_id: event.id, hash: linkHash(sealer, link) })
  }
  return links
}

/** Nothing was missing before, and no number is left out now. */
const isWhole = ({ settled_id, seen_id }: Chain, fresh: Unsealed[]) =>
  settled_id === seen_id && fresh.every(({ id }, index) => id === seen_id + 1 + index)

/** What has a number below that of an old event is committed by now, or never will be. */
async function settledId(db: Knex, { settled_id }: Chain, seen_id: number): Promise<number> {
  const old = await db('events')
    .where('occurred_at', '<', new Date(Date.now() - latestMs).toISOString())
    .orderBy('occurred_at', 'desc')
    .first('id')
  return Math.max(settled_id, Math.min(old?.id ?? 0, seen_id))
}
