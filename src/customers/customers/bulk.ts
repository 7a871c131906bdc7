import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { eventRow } from '../../kernel/history/history.ts'
import type { Permission } from '../../kernel/permissions.ts'
import {
  type ActingContext,
  type BulkChange,
  type Done,
  type RecordVersion,
  type Restored,
  refuseGone,
  saveColumns,
  unchanged,
} from '../../kernel/web/bulk.ts'
import type { Values } from '../../kernel/web/form.ts'
import { joined } from '../../kernel/web/multi-value.ts'
import { changesBetween, eventOf } from '../../kernel/web/record.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { refacetCustomers } from '../search-index.ts'
import { type Customer, customerKind, visibleCustomers } from './customer.ts'
import { hideDeleted } from './recycling.ts'
import { searchRecord } from './search-record.ts'
import { changeTags, tagIdsIn, withTags } from './tags.ts'
import { tally } from './tallies.ts'

/**
 * Changes customers that still stand as they were meant, a few hundred at once, in the caller's transaction, with the
 * history, tallies and search as `saveCustomer` has them. The column must be one that is
 * chosen, not part of what a customer or its duplicates are found by in words.
 */
export async function changeCustomers(
  trx: Knex,
  meant: RecordVersion[],
  change: BulkChange | Restored,
  { actor, viewer, reference, said }: ActingContext,
): Promise<Done> {
  if ('column' in change && change.column === 'owner_id') await refuseGone(trx, change.value, 'owner_id')
  const found = await standing(trx, meant, viewer, said?.permission ?? 'customers.update')
  const pairs = found.map((before) => ({ before, after: { ...before, ...valuesAfter(before, change) } as Customer }))
  const changed = pairs.flatMap((pair) => {
    const changes = changesBetween(customerKind.fields, pair.before, pair.after, reference)
    return changes.length > 0 ? [{ ...pair, changes }] : []
  })
  const ids = changed.map(({ before }) => before.id)
  const columnsOf = (before: Customer) => {
    const { tag_ids: _tags, ...columns } = valuesAfter(before, change)
    return { id: before.id, ...columns }
  }
  await saveColumns(
    trx,
    'customers',
    changed.map(({ before }) => columnsOf(before)),
  )
  for (const { before, after } of changed) if (before.tag_ids !== after.tag_ids) await changeTags(trx, before, after)
  await tally(trx, { added: changed.map(({ after }) => after), removed: changed.map(({ before }) => before) })
  await refacetCustomers(
    trx,
    changed.map(({ after }) => ({ id: after.id, facets: searchRecord(after, []).facets })),
  )
  const events = changed.map(({ after, changes }) =>
    eventRow(actor, {
      ...eventOf(customerKind, after),
      action: said?.action ?? 'update',
      record_version: after.version + 1,
      changes: [...changes, ...(said?.changes ?? [])],
    }),
  )
  await insertAll(trx, 'events', events)
  const counts = { changed: ids.length, same: found.length - ids.length, skipped: meant.length - found.length }
  return { ...counts, changedIds: ids }
}

function valuesAfter(before: Customer, change: BulkChange | Restored): Values {
  if ('restored' in change) return change.restored.get(before.id) ?? {}
  if ('column' in change) return { [change.column]: change.value }
  const others = tagIdsIn(before).filter((id) => id !== change.tag)
  return { tag_ids: joined(change.isRemoved ? others : [...others, change.tag]) }
}

/** Gives customers of the recycle bin, as they stand, to somebody; nothing finds or counts them there. */
export async function moveBinnedCustomers(
  trx: Knex,
  binned: Customer[],
  owner_id: number,
  { actor, reference, said }: ActingContext,
) {
  const ids = binned.map(({ id }) => id)
  await trx('customers').whereIn('id', ids).update({ owner_id })
  await trx('customers').whereIn('id', ids).increment('version', 1)
  const events = binned.map((before) =>
    eventRow(actor, {
      ...eventOf(customerKind, before),
      action: said?.action ?? 'update',
      record_version: before.version + 1,
      changes: [...changesBetween(customerKind.fields, before, { owner_id }, reference), ...(said?.changes ?? [])],
    }),
  )
  await insertAll(trx, 'events', events)
}

/** Moves customers that still stand as they were meant into the recycle bin, at most 500, as `deleteCustomer` does one. */
export async function deleteCustomers(
  trx: Knex,
  meant: RecordVersion[],
  { actor, viewer }: ActingContext,
): Promise<Done> {
  const found = await standing(trx, meant, viewer, 'customers.delete')
  const ids = found.map(({ id }) => id)
  const deleted_at = new Date().toISOString()
  await trx('customers').whereIn('id', ids).update({ deleted_at }).increment('version', 1)
  await hideDeleted(trx, found, deleted_at)
  const gone = (customer: Customer) =>
    eventRow(actor, { ...eventOf(customerKind, customer), action: 'delete', record_version: customer.version + 1 })
  await insertAll(trx, 'events', found.map(gone))
  return { changed: ids.length, same: 0, skipped: meant.length - found.length, changedIds: ids }
}

/** Those that the person may still change. Locks them on SQL Server, so that nobody comes between the look and the change; SQLite writes one at a time. */
async function standing(
  trx: Knex,
  meant: RecordVersion[],
  viewer: Viewer,
  permission: Permission,
): Promise<Customer[]> {
  const ids = meant.map(({ id }) => id)
  const rows: Customer[] = await visibleCustomers(trx, viewer, permission)
    .whereIn('customers.id', ids)
    .orderBy('customers.id')
    .forUpdate()
  return withTags(trx, unchanged(rows, meant))
}
