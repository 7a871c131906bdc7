import type { Knex } from 'knex'
import { searchRecords } from '../src/customers/customers/search-record.ts'
import { reindexCustomers } from '../src/customers/search-index.ts'
import { engine } from '../src/kernel/db/dialect.ts'
import { indexModule } from '../src/kernel/db/module-search.ts'

const repeatable = [...'0123456789abcdefghijklmnopqrstuvwxyz']
const batch = 400

/** Four of one character in a row have a token of their own: those who have them are made findable by it. */
export async function up(knex: Knex) {
  if (engine(knex) === 'mssql') return
  for (const character of repeatable) {
    const ids: number[] = await repeating(knex, 'customer_search', 'customer_id', character).pluck('customer_id')
    for (let at = 0; at < ids.length; at += batch)
      await reindexCustomers(knex, await searchRecords(knex, ids.slice(at, at + batch)))
    const texts = await repeating(knex, 'module_search', 'id', character).orWhereIn('id', masked(knex, character))
    for (const { module, record_id, text, masked_text } of texts)
      await indexModule(knex, module, [{ id: record_id, text, masked_text }])
  }
}

const repeating = (knex: Knex, tokens: string, key: string, character: string) =>
  knex(`${tokens}_texts`)
    .whereIn(key, holding(knex, tokens, character))
    .whereRaw('instr(text, ?) > 0', [character.repeat(4)])

const masked = (knex: Knex, character: string) =>
  knex('module_search_texts')
    .select('id')
    .whereIn('id', holding(knex, 'module_search', character))
    .whereRaw('instr(masked_text, ?) > 0', [character.repeat(4)])

const holding = (knex: Knex, tokens: string, character: string) =>
  knex(tokens)
    .select('rowid')
    .whereRaw('?? match ?', [tokens, `"${character.repeat(3)}"`])

/** What is found by more does no harm. */
export async function down() {}
