import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { eventRow } from '../../kernel/history/history.ts'
import { type ActingContext, type Done, type RecordVersion, unchanged } from '../../kernel/web/bulk.ts'
import { eventOf } from '../../kernel/web/record.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { refreshCustomers } from '../customers/customer.ts'
import { type Contact, contactKind, visibleContacts } from './contact.ts'

/** Moves contacts that still stand as they were meant into the recycle bin, at most 500, as `deleteContact` does one. */
export async function deleteContacts(
  trx: Knex,
  meant: RecordVersion[],
  { actor, viewer }: ActingContext,
): Promise<Done> {
  const found = await standing(trx, meant, viewer)
  const ids = found.map(({ id }) => id)
  await trx('contacts').whereIn('id', ids).update({ deleted_at: new Date().toISOString() })
  await trx('contacts').whereIn('id', ids).increment('version', 1)
  const gone = (contact: Contact) =>
    eventRow(actor, { ...eventOf(contactKind, contact), action: 'delete', record_version: contact.version + 1 })
  await insertAll(trx, 'events', found.map(gone))
  await refreshCustomers(trx, [...new Set(found.map(({ customer_id }) => customer_id))])
  return { changed: ids.length, same: 0, skipped: meant.length - found.length, changedIds: ids }
}

async function standing(trx: Knex, meant: RecordVersion[], viewer: Viewer): Promise<Contact[]> {
  const ids = meant.map(({ id }) => id)
  // The rows of one table are locked by themselves: SQL Server takes the hint of a lock behind no join.
  await trx('contacts').whereIn('id', ids).orderBy('id').forUpdate().select('id')
  const rows: Contact[] = await visibleContacts(trx, viewer, 'contacts.delete')
    .whereIn('contacts.id', ids)
    .orderBy('contacts.id')
    .select('contacts.*')
  return unchanged(rows, meant)
}
