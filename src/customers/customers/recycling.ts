import type { Knex } from 'knex'
import { purgeFiles } from '../../kernel/files/file.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { refusePointed } from '../../kernel/modules/links.ts'
import { eventOf, markDeleted, Stale } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { eraseMailTo } from '../../mail/messages/message.ts'
import { removeKeys } from '../duplicates/keys.ts'
import { unindexCustomers } from '../search-index.ts'
import { type Customer, customerKind, refreshCustomers } from './customer.ts'
import { withTags } from './tags.ts'
import { tally } from './tallies.ts'

/** Moves a customer with its contacts into the recycle bin. Throws Stale when it changed since it was read. */
export async function deleteCustomer(trx: Knex, customer: Customer, actor: Actor) {
  const deleted_at = new Date().toISOString()
  await markDeleted(trx, customerKind, customer, deleted_at, actor)
  await hideDeleted(trx, [customer], deleted_at)
}

/** What goes with at most 500 customers, read with their tags, into the recycle bin: contacts, tallies and search. */
export async function hideDeleted(trx: Knex, customers: Customer[], deleted_at: string) {
  const ids = customers.map(({ id }) => id)
  await trx('contacts').whereIn('customer_id', ids).whereNull('deleted_at').update({ deleted_at })
  await tally(trx, { removed: customers })
  await unindexCustomers(trx, ids)
}

/** Takes a customer out of the recycle bin, with the contacts that went there with it. Throws Stale likewise. */
export async function restoreCustomer(trx: Knex, customer: Customer, actor: Actor) {
  await markDeleted(trx, customerKind, customer, null, actor)
  await showRestored(trx, [customer])
}

/** What comes with at most 500 customers out of the recycle bin: the contacts that went with them, tallies and search. */
export async function showRestored(trx: Knex, customers: Customer[]) {
  for (const [deleted_at, some] of Map.groupBy(customers, (customer) => customer.deleted_at))
    await trx('contacts')
      .where({ deleted_at })
      .whereIn(
        'customer_id',
        some.map(({ id }) => id),
      )
      .update({ deleted_at: null })
  await tally(trx, { added: await withTags(trx, customers) })
  await refreshCustomers(
    trx,
    customers.map(({ id }) => id),
  )
}

/** Removes a customer of the recycle bin for good, with all its contacts and files; the history stays. Throws Stale likewise. */
export async function purgeCustomer(trx: Knex, { id, version, ...rest }: Customer, actor: Actor) {
  const gone = { id, version }
  const count = await trx('customers').where(gone).whereNotNull('deleted_at').increment('version', 1)
  if (count === 0) throw new Stale()
  await refusePointed(trx, 'customers', id)
  await eraseMailTo(trx, [id])
  await trx('contacts').where({ customer_id: id }).delete()
  await trx('customer_tags').where({ customer_id: id }).delete()
  await purgeFiles(trx, { record_type: customerKind.table, record_id: id })
  await removeKeys(trx, id)
  await trx('customers').where({ id }).delete()
  const event = eventOf(customerKind, { id, ...rest })
  await recordEvent(trx, actor, { ...event, action: 'purge', record_version: version + 1 })
}
