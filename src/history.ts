import type { Knex } from 'knex'
import type { Actor } from './web/session.ts'

/** One field of a change: as stored, and as a person reads it. */
export type Change = { field: string; before: unknown; after: unknown; beforeText: string; afterText: string }
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

/** The row of an event, for those that write many at once. */
export const eventRow = (actor: Actor, event: RecordEvent) => ({
  occurred_at: new Date().toISOString(),
  user_id: actor.id,
  user_name: actor.name,
  address: actor.address,
  action: event.action,
  record_type: event.record_type ?? null,
  record_id: event.record_id ?? null,
  record_version: event.record_version ?? null,
  record_name: event.record_name?.slice(0, 200) ?? null,
  changes: event.changes?.length ? JSON.stringify(event.changes) : null,
})

export type StoredEvent = {
  id: number
  occurred_at: string
  user_name: string | null
  address: string | null
  action: string
  record_version: number | null
  changes: Change[]
}

/** The latest `limit` events of one record, newest first. */
export async function eventsOf(db: Knex, record_type: string, record_id: number, limit = 100): Promise<StoredEvent[]> {
  const rows = await db('events')
    .where({ record_type, record_id })
    .orderBy('id', 'desc')
    .limit(limit)
    .select('id', 'occurred_at', 'user_name', 'address', 'action', 'record_version', 'changes')
  return rows.map((row) => ({ ...row, changes: JSON.parse(row.changes ?? '[]') }))
}
