import type { Knex } from 'knex'
import { type SearchRecord, searchTokens } from '../search/tokens.ts'
import { engine } from './dialect.ts'
import { storeTokens } from './search-index.ts'

const rowsAtOnce = 200

/**
 * Makes customers findable by other chosen values, whose names, codes and numbers stay as they are: half the work of
 * `reindexCustomers`. SQL Server looks for chosen values in the customers themselves.
 */
export async function refacetCustomers(db: Knex, rows: { id: number; facets: SearchRecord['facets'] }[]) {
  if (engine(db) === 'mssql') return
  for (let at = 0; at < rows.length; at += rowsAtOnce) await storeFacets(db, rows.slice(at, at + rowsAtOnce))
}

async function storeFacets(db: Knex, rows: { id: number; facets: SearchRecord['facets'] }[]) {
  const ids = rows.map(({ id }) => id)
  const stored: { customer_id: number; text: string }[] = await db('customer_search_texts')
    .whereIn('customer_id', ids)
    .select('customer_id', 'text')
  const texts = new Map(stored.map(({ customer_id, text }) => [customer_id, text]))
  await storeTokens(
    db,
    rows.map(({ id, facets }) => ({ id, tokens: searchTokens(texts.get(id) ?? '', facets) })),
  )
}
