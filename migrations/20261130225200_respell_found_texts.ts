import type { Knex } from 'knex'
import { searchRecords } from '../src/customers/customers/search-record.ts'
import { rekeyCustomers } from '../src/customers/duplicates/keys.ts'
import { reindexCustomers } from '../src/customers/search-index.ts'

const batch = 500
/** What keys and the search no longer hold: signs that are not to be seen, as the variant of a rare hanzi. */
const unseen = /\p{Default_Ignorable_Code_Point}/u

/**
 * Makes anew what customers are found and compared by, where it was made when variants of a hanzi still counted: nobody
 * who types the name would find them. There are hardly any, so that the rest is only looked through.
 */
export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const ids: number[] = await knex('customers').where('id', '>', last).orderBy('id').limit(batch).pluck('id')
    const end = ids.at(-1) ?? last
    if (end <= last) return
    const range: [number, number] = [last + 1, end]
    const texts: Found[] = await knex('customer_search_texts')
      .whereBetween('customer_id', range)
      .select('customer_id', 'text')
    const keys: Found[] = await knex('customer_keys')
      .whereBetween('customer_id', range)
      .select('customer_id', { text: 'value_key' })
    const [respelled, rekeyed] = [idsOf(texts), idsOf(keys)]
    if (respelled.length > 0) await reindexCustomers(knex, await searchRecords(knex, respelled))
    if (rekeyed.length > 0) await rekeyCustomers(knex, rekeyed)
    last = end
  }
}

type Found = { customer_id: number; text: string }

const idsOf = (rows: Found[]) => [
  ...new Set(rows.filter(({ text }) => unseen.test(text)).map(({ customer_id }) => customer_id)),
]

/** What was made by either rule may stay. */
export async function down() {}
