import type { Knex } from 'knex'
import { type SearchRecord, searchText, searchTokens } from '../search/tokens.ts'
import { engine, insertAll } from './dialect.ts'
import { removeWords, storeWords } from './full-text.ts'
import { type FacetedIndex, type SearchIndex, textsOf } from './search-tables.ts'

const rowsAtOnce = 200

/** Makes records findable as they are now, whether or not they were before; each id at most once. */
export async function reindex(of: FacetedIndex, db: Knex, rows: { id: number; record: SearchRecord }[]): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce)
    const ids = some.map(({ id }) => id)
    await db(textsOf(of)).whereIn(of.key, ids).delete()
    await indexNew(of, db, some.map(searchableOf))
  }
}

/** What is found of a record: its `searchText`, and the `searchTokens` of that. */
export type Searchable = { id: number; text: string; tokens: string }

function searchableOf({ id, record }: { id: number; record: SearchRecord }): Searchable {
  const text = searchText(record)
  return { id, text, tokens: searchTokens(text, record.facets) }
}

/** Makes records findable that are new, or whose text was taken away. */
export async function indexNew(of: FacetedIndex, db: Knex, rows: Searchable[]): Promise<void> {
  const texts = rows.map(({ id, text }) => ({ [of.key]: id, text }))
  await insertAll(db, textsOf(of), texts)
  await storeTokens(of, db, rows)
}

/** Puts tokens in the place of those that are there. */
export async function storeTokens(
  of: Pick<FacetedIndex, 'tokens'>,
  db: Knex,
  rows: { id: number; tokens: string }[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce)
    if (engine(db) === 'mssql') {
      await storeWords(db, of.tokens, some)
      continue
    }
    const places = some.map(() => '(?, ?)').join(', ')
    const values = some.flatMap(({ id, tokens }) => [id, tokens])
    await db.raw(`insert or replace into ${of.tokens} (rowid, tokens) values ${places}`, values)
  }
}

/** Records, at most 500, are not found any more: on deletion, also into the recycle bin. */
export async function unindex(of: FacetedIndex, db: Knex, ids: number[]): Promise<void> {
  await db(textsOf(of)).whereIn(of.key, ids).delete()
  await removeTokens(db, of.tokens, ids)
}

export async function removeTokens(db: Knex, index: SearchIndex, ids: number[] | Knex.QueryBuilder): Promise<void> {
  if (engine(db) === 'mssql') return removeWords(db, index, ids)
  await db(index)
    .whereIn('rowid', ids as number[])
    .delete()
}
