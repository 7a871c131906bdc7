import type { Knex } from 'knex'
import { isContentHash } from '../../kernel/history/chain.ts'
import { type Change, eventsBy, fact, type StoredEvent } from '../../kernel/history/history.ts'
import { showCount, showSecond } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { type LogEnd, type LogPlace, logSealer } from './anchor.ts'

export const logKind = 'events'

/** The last link that a cleanup removed, behind which the chain goes on, and what was wrong with what went. */
export type Beginning = LogEnd & { breaks: string[] }

/** Cleanups are months apart; one that is not believed is not looked behind for ever. */
const mostLookedAt = 50

/**
 * Where the chain begins: behind what the newest cleanup says it removed, or with its first link. Who can write into the
 * database could have such an entry linked, and call what he took out cleaned up: so it is sealed.
 */
export async function findBeginning(db: Knex, place: LogPlace): Promise<Beginning> {
  for (const event of await eventsBy(db, { record_type: logKind, action: 'cleanup' }, mostLookedAt)) {
    const beginning = saidBy(event)
    const seal = factOf(event, 'removed_seal')
    const isTrue = seal === undefined ? await isOfPlainChain(db, event) : isSealed(place, beginning, String(seal))
    if (isTrue) return beginning
  }
  return { sequence: 0, hash: '', breaks: [] }
}

const factOf = ({ changes }: StoredEvent, field: string) => changes.find((change) => change.field === field)?.after

function saidBy(event: StoredEvent): Beginning {
  const breaks = factOf(event, 'removed_breaks')
  return {
    sequence: Number(factOf(event, 'removed_to') ?? 0),
    hash: String(factOf(event, 'removed_hash') ?? ''),
    breaks: Array.isArray(breaks) ? breaks.map(String) : [],
  }
}

const sealed = ({ sequence, hash, breaks }: Beginning) => `beginning ${JSON.stringify([sequence, hash, breaks])}`

function isSealed(place: LogPlace, beginning: Beginning, seal: string): boolean {
  const state = logSealer(place).look(sealed(beginning), seal)
  return state === 'own' || state === 'replaced'
}

/** Of the time before the chain was keyed; nothing can be put in there any more. */
async function isOfPlainChain(db: Knex, { id }: StoredEvent): Promise<boolean> {
  const link = await db('event_links').where({ event_id: id }).first('hash')
  return isContentHash(link?.hash ?? null)
}

type Removed = Beginning & { count: number; at: string; check: string }

/** What a cleanup says of itself, so that the rest of the chain can be checked. */
export const cleanupFacts = (place: LogPlace, { count, at, check, ...beginning }: Removed): Change[] => [
  fact('removed_to', beginning.sequence, showCount(beginning.sequence)),
  fact('removed_count', count, showCount(count)),
  fact('removed_to_at', at, showSecond(at)),
  fact('removed_hash', beginning.hash),
  fact('removed_check', check, check || text.auditLog.cleanup.checkedWell),
  ...(beginning.breaks.length > 0
    ? [fact('removed_breaks', beginning.breaks, text.common.listed(beginning.breaks.map(showSecond)))]
    : []),
  fact('removed_seal', logSealer(place).seal(sealed(beginning))),
]
