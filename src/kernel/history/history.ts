import type { Knex } from 'knex'
import type { Actor } from './actor.ts'
import { contentHash, type EventContent } from './chain.ts'

/** One field of a change: as stored, and as a person reads it. */
export type Change = { field: string; before: unknown; after: unknown; beforeText: string; afterText: string }

/** Something an event says that was nothing before: a count, a period, a result. */
export const fact = (field: string, after: unknown, afterText = String(after ?? '')): Change => ({
  field,
  before: undefined,
  after,
  beforeText: '',
  afterText,
})

export type RecordEvent = {
  action: string
  record_type?: string
  record_id?: number
  record_version?: number
  record_name?: string
  changes?: Change[]
}

/** Writes who did what, when and from where; call it with the transaction of the change itself. */
export async function recordEvent(db: Knex, actor: Actor, event: RecordEvent) {
  await db('events').insert(eventRow(actor, event))
}

/** The row of an event, for those that write many at once. It carries the hash of what it says from its first moment. */
export function eventRow(actor: Actor, event: RecordEvent) {
  const content: EventContent = {
    occurred_at: new Date().toISOString(),
    user_id: actor.id,
    user_name: actor.name.toWellFormed(),
    address: actor.address?.toWellFormed() ?? null,
    action: event.action,
    record_type: event.record_type ?? null,
    record_id: event.record_id ?? null,
    record_version: event.record_version ?? null,
    // Half a character that a cut leaves is stored as another one, of which the hash would be another too.
    record_name: event.record_name?.slice(0, 200).toWellFormed() ?? null,
    changes: event.changes?.length ? JSON.stringify(event.changes) : null,
  }
  return { ...content, hash: contentHash(content) }
}

export type StoredEvent = {
  id: number
  occurred_at: string
  user_name: string | null
  address: string | null
  action: string
  record_id: number | null
  record_version: number | null
  record_name: string | null
  changes: Change[]
}

/** The latest `limit` events of one record, newest first; those before one of them where it is named. */
export const eventsOf = (
  db: Knex,
  record_type: string,
  record_id: number,
  limit = 100,
  before?: number,
): Promise<StoredEvent[]> => stored(db('events').where({ record_type, record_id }), limit, before)

/** The same of some records of a kind together. */
export const newestEvents = (
  db: Knex,
  record_type: string,
  ids: number[],
  limit: number,
  before?: number,
): Promise<StoredEvent[]> => stored(db('events').where({ record_type }).whereIn('record_id', ids), limit, before)

/** The same of those that have all these values; an index must hold them. */
export const eventsBy = (db: Knex, values: Partial<EventContent>, limit: number): Promise<StoredEvent[]> =>
  stored(db('events').where(values), limit)

async function stored(events: Knex.QueryBuilder, limit: number, before?: number): Promise<StoredEvent[]> {
  if (before !== undefined) events.where('id', '<', before)
  const rows = await events.orderBy('id', 'desc').limit(limit).select(storedColumns)
  return rows.map((row: Record<string, unknown>) => ({ ...row, changes: storedChanges(row.changes as string | null) }))
}

const storedColumns = [
  ...['id', 'occurred_at', 'user_name', 'address', 'action'],
  ...['record_id', 'record_version', 'record_name', 'changes'],
]

/** The changes of an event as it is stored; none where somebody wrote something else into the database. */
export function storedChanges(stored: string | null): Change[] {
  try {
    const changes: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(changes) ? changes.filter((change) => typeof change?.field === 'string') : []
  } catch {
    return []
  }
}
