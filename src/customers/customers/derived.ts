import type { Knex } from 'knex'
import { isLiving } from '../../kernel/modules/derived.ts'
import type { Stored, Written } from '../../kernel/modules/module.ts'
import { hasSameKeys } from '../duplicates/customer-keys.ts'
import { rekeyCustomers } from '../duplicates/keys.ts'
import { refacetCustomers, reindexCustomers, unindexCustomers } from '../search-index.ts'
import { keepOrders } from './kept-orders.ts'
import { hasSameTexts, searchRecord, searchRecords } from './search-record.ts'
import { withTags } from './tags.ts'
import { tally } from './tallies.ts'

const idsOf = (customers: Stored[]) => customers.map(({ id }) => id)

/**
 * Brings tallies, search and keys of duplicates of customers, at most 500, to how they stand after a write. A million of
 * them are found, counted and compared with their contacts and tags, so they have an index and keys of their own.
 */
export async function deriveCustomers(trx: Knex, written: Written) {
  const [before, after] = [await tagged(trx, written.before), await tagged(trx, written.after)]
  await tally(trx, { added: after.filter(isLiving), removed: before.filter(isLiving) })
  const old = new Map(before.map((customer) => [customer.id, customer]))
  const now = new Map(after.map((customer) => [customer.id, customer]))
  const stay = new Set(idsOf(after.filter(isLiving)))
  const leaving = before.filter((customer) => isLiving(customer) && !stay.has(customer.id))
  if (leaving.length > 0) await unindexCustomers(trx, idsOf(leaving))
  const living = Map.groupBy(after.filter(isLiving), (customer) => changeOf(old.get(customer.id), customer))
  await refreshCustomers(trx, idsOf(living.get('keys') ?? []))
  await refreshCustomers(trx, idsOf(living.get('texts') ?? []), { isKeyed: true })
  await keepOrders(
    trx,
    idsOf(living.get('choices') ?? []).filter((id) => hasOtherTags(old.get(id), now.get(id))),
  )
  await refacetCustomers(
    trx,
    (living.get('choices') ?? []).map((customer) => ({ id: customer.id, facets: searchRecord(customer, []).facets })),
  )
}

const hasOtherTags = (before: Stored | undefined, after: Stored | undefined) => before?.tag_ids !== after?.tag_ids

/** What changed of a living customer: what duplicates are known by, what it is found by in words, or only what is chosen. */
function changeOf(before: Stored | undefined, after: Stored): 'keys' | 'texts' | 'choices' {
  if (!before || !isLiving(before) || !hasSameKeys(before, after)) return 'keys'
  return hasSameTexts(before, after) ? 'choices' : 'texts'
}

const tagged = async (trx: Knex, customers: Stored[] = []): Promise<Stored[]> =>
  customers.every((customer) => 'tag_ids' in customer) ? customers : withTags(trx, customers)

const atOnce = 500

/** Makes what all customers are found by anew, from how they stand. */
export async function reindexAll(trx: Knex) {
  for (let last = 0; ; ) {
    const ids: number[] = await trx('customers').where('id', '>', last).orderBy('id').limit(atOnce).pluck('id')
    if (ids.length === 0) return
    await unindexCustomers(trx, ids)
    await reindexCustomers(trx, await searchRecords(trx, ids))
    last = ids.at(-1) as number
  }
}

/**
 * Puts what customers are found by anew, in the search and among duplicates, after they or their contacts changed;
 * `isKeyed` where the keys of the duplicates still hold.
 */
export async function refreshCustomers(trx: Knex, ids: number[], { isKeyed = false } = {}) {
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = ids.slice(at, at + atOnce)
    if (!isKeyed) await rekeyCustomers(trx, some)
    await keepOrders(trx, some)
    const records = await searchRecords(trx, some)
    await reindexCustomers(trx, records)
    const living = new Set(records.map(({ id }) => id))
    const others = some.filter((id) => !living.has(id))
    if (others.length > 0) await unindexCustomers(trx, others)
  }
}
