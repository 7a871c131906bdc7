import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { eventRow } from '../../kernel/history/history.ts'
import { type BulkChange, type RecordVersion, type UndoBy, unchanged } from '../../kernel/web/bulk.ts'
import { stillUsable, valuesBefore } from '../../kernel/web/bulk-undo.ts'
import type { Values } from '../../kernel/web/form.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { changeCustomers } from './bulk.ts'
import { type Customer, customerKind } from './customer.ts'
import { showRestored } from './recycling.ts'
import { withLivingTags } from './tags.ts'

/**
 * Gives customers back what a change of many took from them, as their history has it: those that still stand as it left
 * them (`acted`), as long as what they had is still there. Answers their ids.
 */
export async function restoreCustomers(
  trx: Knex,
  acted: RecordVersion[],
  change: BulkChange | 'delete',
  by: UndoBy,
): Promise<number[]> {
  if (change === 'delete') return undelete(trx, acted, by)
  const found = await valuesBefore(trx, customerKind, acted, by.since)
  const living = await withLivingTags(trx, [...found.values()])
  const before = new Map([...found.keys()].map((id, at) => [id, living[at] as Values]))
  const given = { fields: customerKind.fields, reference: by.reference, ownerColumn: 'owner_id' }
  const usable = await stillUsable(trx, before, given)
  const meant = acted.filter(({ id }) => usable.has(id))
  return (await changeCustomers(trx, meant, { restored: usable }, by)).changedIds
}

/** Out of the recycle bin again, with the contacts that went there with them. */
async function undelete(trx: Knex, acted: RecordVersion[], { actor }: UndoBy): Promise<number[]> {
  const binned: Customer[] = await trx('customers')
    .whereIn(
      'id',
      acted.map(({ id }) => id),
    )
    .whereNotNull('deleted_at')
    .orderBy('id')
    .forUpdate()
  const found = unchanged(binned, acted)
  const ids = found.map(({ id }) => id)
  await trx('customers').whereIn('id', ids).update({ deleted_at: null })
  await trx('customers').whereIn('id', ids).increment('version', 1)
  await showRestored(trx, found)
  const event = (customer: Customer) =>
    eventRow(actor, { ...eventOf(customerKind, customer), action: 'restore', record_version: customer.version + 1 })
  await insertAll(trx, 'events', found.map(event))
  return ids
}
