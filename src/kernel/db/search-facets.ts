import type { Knex } from 'knex'
import { type SearchRecord, searchTokens } from '../search/tokens.ts'
import { engine } from './dialect.ts'
import { storeTokens } from './search-index.ts'
import { type FacetedIndex, textsOf } from './search-tables.ts'

const rowsAtOnce = 200

type Faceted = { id: number; facets: SearchRecord['facets'] }

/**
 * Makes records findable by other chosen values, whose names, codes and numbers stay as they are: half the work of
 * `reindex`. SQL Server looks for chosen values in the records themselves.
 */
export async function refacet(of: FacetedIndex, db: Knex, rows: Faceted[]) {
  if (engine(db) === 'mssql') return
  for (let at = 0; at < rows.length; at += rowsAtOnce) await storeFacets(of, db, rows.slice(at, at + rowsAtOnce))
}

async function storeFacets(of: FacetedIndex, db: Knex, rows: Faceted[]) {
  const ids = rows.map(({ id }) => id)
  const stored: { id: number; text: string }[] = await db(textsOf(of))
    .whereIn(of.key, ids)
    .select({ id: of.key }, 'text')
  const texts = new Map(stored.map(({ id, text }) => [id, text]))
  await storeTokens(
    of,
    db,
    rows.map(({ id, facets }) => ({ id, tokens: searchTokens(texts.get(id) ?? '', facets) })),
  )
}
