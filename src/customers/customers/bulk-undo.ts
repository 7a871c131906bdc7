import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'
import { eventRow, storedChanges } from '../../kernel/history/history.ts'
import type { Values } from '../../kernel/web/form.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { type BulkChange, type By, changeCustomers, type Meant } from './bulk.ts'
import { type Customer, customerKind } from './customer.ts'
import { customerField } from './fields.ts'
import { showRestored } from './recycling.ts'
import { withLivingTags } from './tags.ts'

/** Who takes back what many customers got at the instant `since`. */
export type UndoBy = By & { since: string }

/**
 * Gives customers back what a change of many took from them, as their history has it: those that still stand as it left
 * them (`acted`), as long as what they had is still there. Answers their ids.
 */
export async function restoreCustomers(
  trx: Knex,
  acted: Meant[],
  change: BulkChange | 'delete',
  by: UndoBy,
): Promise<number[]> {
  if (change === 'delete') return undelete(trx, acted, by)
  const found = await valuesBefore(trx, acted, by.since)
  const living = await withLivingTags(trx, [...found.values()])
  const usable = await usableOf(trx, new Map([...found.keys()].map((id, at) => [id, living[at] as Values])), by)
  const meant = acted.filter(({ id }) => usable.has(id))
  return (await changeCustomers(trx, meant, { restored: usable }, by)).changedIds
}

/** What stood in the changed field of each before. */
async function valuesBefore(trx: Knex, acted: Meant[], since: string): Promise<Map<number, Values>> {
  const versions = new Map(acted.map(({ id, version }) => [id, version]))
  const events: { record_id: number; record_version: number; changes: string }[] = await trx('events')
    .where({ record_type: 'customers' })
    .whereIn('record_id', [...versions.keys()])
    .where('occurred_at', '>=', since)
    .whereNotNull('changes')
    .select('record_id', 'record_version', 'changes')
  const own = events.filter(({ record_id, record_version }) => versions.get(record_id) === record_version)
  return new Map(own.map(({ record_id, changes }) => [record_id, fieldsBefore(changes)]))
}

/** Of the facts of an event, like the reason of a transfer, none is a field. */
const fieldsBefore = (changes: string): Values =>
  Object.fromEntries(
    storedChanges(changes)
      .filter(({ field }) => customerKind.fields.some(({ name }) => name === field))
      .map(({ field, before }) => [field, before]),
  )

/** Without those whose value is gone since: an entry that was deleted, a person who left. */
async function usableOf(trx: Knex, before: Map<number, Values>, { reference }: UndoBy) {
  const left = new Set<number>(await trx('users').where({ status: 'left' }).pluck('id'))
  const isThere = ([name, value]: [string, unknown]) => {
    if (value === null || name === 'tag_ids') return true
    if (name === 'owner_id') return !left.has(value as number)
    const options = customerField(name as never).options?.(reference)
    return !options || options.some((option) => option.value === String(value))
  }
  return new Map([...before].filter(([, values]) => Object.entries(values).every(isThere)))
}

/** Out of the recycle bin again, with the contacts that went there with them. */
async function undelete(trx: Knex, acted: Meant[], { actor }: UndoBy): Promise<number[]> {
  const versions = new Map(acted.map(({ id, version }) => [id, version]))
  const binned: Customer[] = await trx('customers')
    .whereIn('id', [...versions.keys()])
    .whereNotNull('deleted_at')
    .orderBy('id')
    .forUpdate()
  const found = binned.filter(({ id, version }) => versions.get(id) === version)
  const ids = found.map(({ id }) => id)
  await trx('customers').whereIn('id', ids).update({ deleted_at: null })
  await trx('customers').whereIn('id', ids).increment('version', 1)
  await showRestored(trx, found)
  const event = (customer: Customer) =>
    eventRow(actor, { ...eventOf(customerKind, customer), action: 'restore', record_version: customer.version + 1 })
  await insertAll(trx, 'events', found.map(event))
  return ids
}
