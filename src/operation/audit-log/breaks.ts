import type { Knex } from 'knex'
import { isKeyed } from '../../kernel/history/chain.ts'
import { fact, recordEvent } from '../../kernel/history/history.ts'
import { program } from '../../kernel/operator.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { type LogEnd, type LogPlace, readAnchor, writeAnchor } from './anchor.ts'
import { findBeginning, logKind } from './beginning.ts'
import { type Chain, findChain } from './chain.ts'

/** The entry that says that the log does not hold the end that was kept outside of it. */
export const breakAction = 'log-break'
/** The entry that says from where on the log is keyed, in one that was begun without a key. */
export const keyedAction = 'log-keyed'

/** An installation writes its first entries within minutes; older ones without an end outside were there before. */
const youngMs = 60 * 60_000

/**
 * Looks whether the database still holds the end that was kept outside of it, and says so in the log where it does not:
 * the check names that for ever. Begins the keeping where there was none.
 */
export async function fitAnchor(db: Knex, place: LogPlace) {
  const kept = await readAnchor(place)
  const chain = await findChain(db)
  const action = await whatIsWrong(db, place, kept, chain)
  if (!action) return
  const expected = typeof kept === 'object' ? kept.sequence : 0
  const changes = [
    ...(action === breakAction ? [fact('kept_sequence', expected, expected ? showCount(expected) : '')] : []),
    fact('present_sequence', chain.sequence, showCount(chain.sequence)),
  ]
  await recordEvent(db, program, { action, record_type: logKind, changes })
  await writeAnchor(place, await presentEnd(db))
}

async function whatIsWrong(
  db: Knex,
  place: LogPlace,
  kept: Awaited<ReturnType<typeof readAnchor>>,
  chain: Chain,
): Promise<string | undefined> {
  if (kept === 'forged') return breakAction
  if (kept === undefined) {
    if (isKeyed(chain.hash)) return breakAction
    const wasThere = chain.sequence > 0 || chain.adopted_id > 0 || (await hasOldEntries(db))
    return wasThere ? keyedAction : undefined
  }
  if (kept.sequence === 0) return undefined
  const link = await db('event_links').where({ sequence: kept.sequence }).first('hash')
  if (link?.hash === kept.hash) return undefined
  // A server that was off for long may know of nothing that a cleanup has left.
  return !link && (await findBeginning(db, place)).sequence >= kept.sequence ? undefined : breakAction
}

async function hasOldEntries(db: Knex): Promise<boolean> {
  const oldest = await db('events').orderBy('occurred_at').first('occurred_at')
  return oldest !== undefined && Date.parse(oldest.occurred_at) < Date.now() - youngMs
}

/** The last link there is, whatever is said to be the last. */
async function presentEnd(db: Knex): Promise<LogEnd> {
  const last = await db('event_links').orderBy('sequence', 'desc').first('sequence', 'hash')
  return last ?? { sequence: 0, hash: '' }
}

/** Keeps the end of the chain outside, once it is on the disk. */
export async function moveAnchor(db: Knex, place: LogPlace) {
  const { sequence, hash } = await findChain(db)
  const kept = await readAnchor(place)
  if (typeof kept === 'object' && kept.sequence === sequence && kept.hash === hash) return
  const end = await presentEnd(db)
  // An end that is set back is left to the check.
  if (end.sequence === sequence && end.hash === hash) await writeAnchor(place, end)
}
