import type { Knex } from 'knex'
import { searchRecords } from '../src/customers/customers/search-record.ts'
import { reindexCustomers } from '../src/customers/search-index.ts'
import { engine } from '../src/kernel/db/dialect.ts'
import { indexModule } from '../src/kernel/db/module-search.ts'
import { repeating } from '../src/kernel/db/repeated-tokens.ts'

const repeatable = [...'0123456789abcdefghijklmnopqrstuvwxyz']
const batch = 400
const customers = { tokens: 'customer_search', key: 'customer_id', texts: ['text'] } as const
const others = { tokens: 'module_search', key: 'id', texts: ['text', 'masked_text'] } as const

/** Four of one character in a row have a token of their own: those who have them are made findable by it. */
export async function up(knex: Knex) {
  if (engine(knex) === 'mssql') return
  for (const character of repeatable) {
    const ids: number[] = await repeating(knex, customers, character).pluck('customer_id')
    for (let at = 0; at < ids.length; at += batch)
      await reindexCustomers(knex, await searchRecords(knex, ids.slice(at, at + batch)))
    for (const { module, record_id, text, masked_text } of await repeating(knex, others, character))
      await indexModule(knex, module, [{ id: record_id, text, masked_text }])
  }
}

/** What is found by more does no harm. */
export async function down() {}
