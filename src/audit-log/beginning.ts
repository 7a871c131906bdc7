import type { Knex } from 'knex'
import { type Change, eventsBy, fact } from '../history.ts'
import { text } from '../texts/index.ts'
import { showCount, showSecond } from '../web/show.ts'

/** The last link that a cleanup removed; the chain goes on behind it. */
export type Beginning = { sequence: number; hash: string }

export const logKind = 'events'

/** Where the chain begins: behind what the newest cleanup says it removed, or with its first link. */
export async function findBeginning(db: Knex): Promise<Beginning> {
  const [event] = await eventsBy(db, { record_type: logKind, action: 'cleanup' }, 1)
  const said = (field: string) => event?.changes.find((change) => change.field === field)?.after
  return { sequence: Number(said('removed_to') ?? 0), hash: String(said('removed_hash') ?? '') }
}

type Removed = Beginning & { count: number; at: string; check: string }

/** What a cleanup says of itself, so that the rest of the chain can be checked. */
export const cleanupFacts = ({ sequence, hash, count, at, check }: Removed): Change[] => [
  fact('removed_to', sequence, showCount(sequence)),
  fact('removed_count', count, showCount(count)),
  fact('removed_to_at', at, showSecond(at)),
  fact('removed_hash', hash),
  fact('removed_check', check, check || text.auditLog.cleanup.checkedWell),
]
