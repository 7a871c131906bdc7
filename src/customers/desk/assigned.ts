import type { Knex } from 'knex'
import { storedChanges } from '../../kernel/history/history.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { visibleCustomers } from '../customers/customer.ts'

/** So many of the newest hand-overs of all people, and of a person's own customers, are looked at. */
const looked = 300
const ownLooked = 50

const ofCustomers = { record_type: 'customers' }

/** The customers that were handed over to a person since then, the last first. */
export async function handedOver(db: Knex, viewer: Viewer, since: string): Promise<number[]> {
  const events: { record_id: number; changes: string | null }[] = await db('events')
    .where({ ...ofCustomers, action: 'transfer' })
    .where('occurred_at', '>=', since)
    .orderBy('id', 'desc')
    .limit(looked)
    .select('record_id', 'changes')
  const isMine = ({ changes }: { changes: string | null }) =>
    storedChanges(changes).some(({ field, after }) => field === 'owner_id' && Number(after) === viewer.id)
  return events.filter(isMine).map(({ record_id }) => record_id)
}

/** The customers that others added for a person since then, of those registered last. */
export async function addedByOthers(db: Knex, viewer: Viewer, since: string): Promise<number[]> {
  const own: { id: number; created_at: string }[] = await visibleCustomers(db, viewer)
    .where('customers.owner_id', viewer.id)
    .orderBy('customers.registered_on', 'desc')
    .limit(ownLooked)
    .select('customers.id', 'customers.created_at')
  const young = own.filter(({ created_at }) => created_at >= since).map(({ id }) => id)
  if (young.length === 0) return []
  return db('events')
    .where({ ...ofCustomers, action: 'create' })
    .whereIn('record_id', young)
    .where((query) => query.whereNot({ user_id: viewer.id }).orWhereNull('user_id'))
    .orderBy('id', 'desc')
    .pluck('record_id')
}
