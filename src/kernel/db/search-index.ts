import type { Knex } from 'knex'
import { type SearchRecord, searchText, searchTokens } from '../search/tokens.ts'
import { engine, insertAll } from './dialect.ts'

const rowsAtOnce = 200

/** Makes customers findable as they are now, whether or not they were before; each id at most once. */
export async function reindexCustomers(db: Knex, rows: { id: number; record: SearchRecord }[]): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce)
    const ids = some.map(({ id }) => id)
    await db('customer_search_texts').whereIn('customer_id', ids).delete()
    await indexCustomers(db, some.map(searchableOf))
  }
}

/** What is found of a customer: its `searchText`, and the `searchTokens` of that. */
export type Searchable = { id: number; text: string; tokens: string }

function searchableOf({ id, record }: { id: number; record: SearchRecord }): Searchable {
  const text = searchText(record)
  return { id, text, tokens: searchTokens(text, record.facets) }
}

/** Makes customers findable that are new, or whose text was taken away. */
export async function indexCustomers(db: Knex, rows: Searchable[]): Promise<void> {
  const texts = rows.map(({ id, text }) => ({ customer_id: id, text }))
  await insertAll(db, 'customer_search_texts', texts)
  await storeTokens(db, rows)
}

/** On SQLite, in place of those that are there. */
export async function storeTokens(db: Knex, rows: { id: number; tokens: string }[]): Promise<void> {
  if (engine(db) === 'mssql') return
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce)
    const places = some.map(() => '(?, ?)').join(', ')
    const values = some.flatMap(({ id, tokens }) => [id, tokens])
    await db.raw(`insert or replace into customer_search (rowid, tokens) values ${places}`, values)
  }
}

/** Customers, at most 500, are not found any more: on deletion, also into the recycle bin. */
export async function unindexCustomers(db: Knex, ids: number[]): Promise<void> {
  await db('customer_search_texts').whereIn('customer_id', ids).delete()
  if (engine(db) === 'sqlite') await db('customer_search').whereIn('rowid', ids).delete()
}
