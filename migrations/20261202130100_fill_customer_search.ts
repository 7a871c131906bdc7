import type { Knex } from 'knex'
import { searchRecords } from '../src/customers/customers/search-record.ts'
import { mergeSearch, reindexCustomers } from '../src/customers/search-index.ts'

const batch = 400

/** Customers are found by their addresses and by any syllables of full pinyin as well. */
export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const ids: number[] = await knex('customers').where('id', '>', last).orderBy('id').limit(batch).pluck('id')
    const end = ids.at(-1)
    if (end === undefined) break
    await reindexCustomers(knex, await searchRecords(knex, ids))
    last = end
  }
  await mergeSearch(knex)
}

/** What is found by more does no harm. */
export async function down() {}
