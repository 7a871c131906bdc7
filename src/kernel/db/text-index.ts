import type { Knex } from 'knex'
import { partsExpression, type TextPart, type Texts, tokensOfTexts } from '../search/part-tokens.ts'
import { engine } from './dialect.ts'
import { createTokens, mergeSearch, setMerging } from './search.ts'
import { storeTokens } from './search-index.ts'
import type { SearchIndex } from './search-tables.ts'

/*
 * An index of the texts of a table, field by field, for whoever asks for a part of one: without it a million rows are
 * looked at. It only says which rows may have it, living or not; the row decides. On SQLite; SQL Server looks at the rows.
 */

const textIndexOf = (table: string): SearchIndex => `${table}_text_search`

/** Creates the index of a table, for its migration. */
export async function createTextIndex(db: Knex, table: string): Promise<void> {
  if (engine(db) === 'mssql') return
  await createTokens(db, textIndexOf(table))
  await setMerging(db, { automerge: 0, crisismerge: 200, usermerge: 8 }, textIndexOf(table))
}

export async function dropTextIndex(db: Knex, table: string): Promise<void> {
  if (engine(db) === 'sqlite') await db.schema.dropTable(textIndexOf(table))
}

/** Puts texts of rows in the place of those that the index has of them; each id at most once. */
export async function indexTexts(db: Knex, table: string, rows: { id: number; texts: Texts }[]): Promise<void> {
  if (engine(db) === 'mssql') return
  const tokens = rows.map(({ id, texts }) => ({ id, tokens: tokensOfTexts(texts) }))
  await storeTokens({ tokens: textIndexOf(table) }, db, tokens)
}

/** Takes rows out of the index: some ids, or a query of them. */
export async function unindexTexts(db: Knex, table: string, ids: number[] | Knex.QueryBuilder): Promise<void> {
  if (engine(db) === 'sqlite')
    await db(textIndexOf(table))
      .whereIn('rowid', ids as number[])
      .delete()
}

/**
 * Fills the index from a table, for a migration: in few large pieces, which are joined in the end, for many small ones
 * would take as long again. A million rows take 45 s.
 */
export async function fillTextIndex(db: Knex, table: string, read: (row: Record<string, unknown>) => Texts) {
  if (engine(db) === 'mssql') return
  const index = textIndexOf(table)
  await setMerging(db, { hashsize: pieces.large }, index)
  for (let last = 0; ; ) {
    const rows: { id: number }[] = await db(table).where('id', '>', last).orderBy('id').limit(rowsAtOnce)
    const end = rows.at(-1)
    if (!end) break
    await indexTexts(
      db,
      table,
      rows.map((row) => ({ id: row.id, texts: read(row) })),
    )
    last = end.id
  }
  await mergeSearch({ tokens: index }, db)
  await setMerging(db, { hashsize: pieces.usual }, index)
}

const rowsAtOnce = 1_000
/** Bytes that FTS5 holds in memory before it writes a piece; the usual ones are its own. */
const pieces = { large: 16 * 1024 * 1024, usual: 1024 * 1024 }

/** The ids of the rows that may have all the parts; undefined where no index says it. */
export function textHits(db: Knex, table: string, parts: TextPart[]): Knex.QueryBuilder | undefined {
  const expression = engine(db) === 'sqlite' ? partsExpression(parts) : undefined
  const index = textIndexOf(table)
  return expression ? db(index).select({ id: 'rowid' }).whereRaw('?? match ?', [index, expression]) : undefined
}
