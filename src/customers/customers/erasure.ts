import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { unindexTexts } from '../../kernel/db/text-index.ts'
import { eventRow } from '../../kernel/history/history.ts'
import { tellErased } from '../../kernel/modules/records.ts'
import { eventOf } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { unindexCustomers } from '../search-index.ts'
import { type Customer, customerKind } from './customer.ts'
import { withTags } from './tags.ts'
import { tally } from './tallies.ts'

const parts = ['contacts', 'customer_keys', 'customer_tags']

/**
 * Removes living customers without files for good, with all that hangs on them; the history stays. At most 500 at once.
 * The caller has locked or compared their versions.
 */
export async function eraseCustomers(trx: Knex, customers: Customer[], actor: Actor) {
  if (customers.length === 0) return
  const ids = customers.map(({ id }) => id)
  await tally(trx, { removed: await withTags(trx, customers) })
  await tellErased(trx, customerKind.table, ids)
  await unindexTexts(trx, 'contacts', trx('contacts').whereIn('customer_id', ids).select('id'))
  for (const part of parts) await trx(part).whereIn('customer_id', ids).delete()
  await unindexCustomers(trx, ids)
  await trx('customers').whereIn('id', ids).delete()
  const event = (customer: Customer) =>
    eventRow(actor, { ...eventOf(customerKind, customer), action: 'purge', record_version: customer.version + 1 })
  await insertAll(trx, 'events', customers.map(event))
}
