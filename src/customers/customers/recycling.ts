import type { Knex } from 'knex'
import { countFiles, purgeFiles } from '../../kernel/files/file.ts'
import type { Hooks } from '../../kernel/modules/module.ts'
import { markDeleted } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { eraseMailTo } from '../../mail/messages/message.ts'
import { text } from '../../texts/index.ts'
import { removeKeys } from '../duplicates/keys.ts'
import { unindexCustomers } from '../search-index.ts'
import { type Customer, customerKind, refreshCustomers } from './customer.ts'
import { withTags } from './tags.ts'
import { tally } from './tallies.ts'

const filesOf = (id: number) => ({ record_type: customerKind.table, record_id: id })

/** What goes with a customer for good beside its contacts. */
export const customerHooks: Hooks = {
  removal: async (db, { id }) => text.files.purgeDetails(await countFiles(db, filesOf(id))),
  async removing(trx, { id }) {
    await eraseMailTo(trx, [id])
    await trx('customer_tags').where({ customer_id: id }).delete()
    await purgeFiles(trx, filesOf(id))
    await removeKeys(trx, id)
  },
}

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
