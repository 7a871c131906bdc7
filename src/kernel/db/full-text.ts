import type { Knex } from 'knex'
import { instant, long } from './columns.ts'
import { insertAll } from './dialect.ts'
import type { SearchIndex } from './search-tables.ts'

/*
 * On SQL Server the tokens of an index stand in a table `<index>_words`, which its full text finds them in where it is
 * installed. Each token is a word of the letters a to p, so that no word breaker parts it. The index is filled a little later than the
 * table, so rows that were changed lately are looked at besides; the text decides, as everywhere.
 */

export const wordsOf = (index: SearchIndex) => `${index}_words`
const keyOf = (index: SearchIndex) => `${index}_key`
const catalog = 'kehu_search'

/** Creates the table, where it is not there yet. */
export async function createWords(db: Knex, index: SearchIndex): Promise<void> {
  if (await db.schema.hasTable(wordsOf(index))) return
  await db.schema.createTable(wordsOf(index), (t) => {
    t.integer('id')
      .notNullable()
      .primary({ constraintName: keyOf(index) })
    long(t, 'words').notNullable()
    instant(t, 'changed_at').notNullable().index()
  })
}

export const dropWords = (db: Knex, index: SearchIndex) => db.schema.dropTableIfExists(wordsOf(index))

/** Puts tokens, parted by blanks, in the place of those that are there. */
export async function storeWords(db: Knex, index: SearchIndex, rows: { id: number; tokens: string }[]): Promise<void> {
  const changed_at = new Date().toISOString()
  const words = rows.map(({ id, tokens }) => ({ id, words: tokens.split(' ').map(encoded).join(' '), changed_at }))
  await removeWords(
    db,
    index,
    words.map(({ id }) => id),
  )
  await insertAll(db, wordsOf(index), words)
}

export async function removeWords(db: Knex, index: SearchIndex, ids: number[] | Knex.QueryBuilder): Promise<void> {
  await db(wordsOf(index))
    .whereIn('id', ids as number[])
    .delete()
}

const letters = 'abcdefghijklmnop'

/** A token in letters, two for each byte. */
const encoded = (token: string) =>
  Array.from(Buffer.from(token), (byte) => `${letters[byte >> 4]}${letters[byte & 15]}`).join('')

/** The databases and indexes whose full text has what their tables have. */
const filled = new WeakMap<object, Set<SearchIndex>>()

/** So long after a change a row is looked at whatever the full text says. */
const lateMs = 15 * 60_000
const lately = () => new Date(Date.now() - lateMs).toISOString()

/** SQL Server takes no longer condition. */
const longestCondition = 4_000

/**
 * The ids of rows that may meet an expression of tokens (kernel/search/terms.ts), which CONTAINS reads as FTS5 does; undefined
 * where no full text says it.
 */
export function wordHits(db: Knex, index: SearchIndex, expression: string): Knex.QueryBuilder | undefined {
  const condition = expression.replace(/"([^"]*)"/g, (_, token) => `"${encoded(token)}"`)
  if (!filled.get(db.client.config)?.has(index) || !condition || condition.length > longestCondition) return undefined
  const words = () => db(wordsOf(index)).select('id')
  return words()
    .whereRaw('contains(??, ?)', ['words', condition])
    .union(words().where('changed_at', '>=', lately()))
}

/** Makes the full-text indexes that are missing, outside of a transaction. Answers whether the server has full text. */
export async function makeFullText(db: Knex, indexes: readonly SearchIndex[]): Promise<boolean> {
  const [row] = await db.raw("select cast(fulltextserviceproperty('IsFullTextInstalled') as int) as installed")
  if (row?.installed !== 1) return false
  if ((await db('sys.fulltext_catalogs').where({ name: catalog })).length === 0)
    await db.raw('create fulltext catalog ??', [catalog])
  for (const index of indexes) {
    const [made] = await db.raw('select object_id from sys.fulltext_indexes where object_id = object_id(?)', [
      wordsOf(index),
    ])
    if (made) continue
    await db.raw(
      'create fulltext index on ?? (?? language 0) key index ?? on ?? with (change_tracking auto, stoplist off)',
      [wordsOf(index), 'words', keyOf(index), catalog],
    )
  }
  return true
}

/** Looks which full-text indexes have all rows that were not changed lately: those are asked from then on, the others not. */
export async function lookAtFullText(db: Knex, indexes: readonly SearchIndex[]): Promise<void> {
  const whole = new Set<SearchIndex>()
  for (const index of indexes) {
    const [state] = await db.raw(
      `select cast(objectpropertyex(object_id(?), 'TableFulltextPopulateStatus') as int) as population,
        cast(objectpropertyex(object_id(?), 'TableFulltextItemCount') as int) as item_count,
        (select count(*) from ?? where ?? < ?) as row_count`,
      [wordsOf(index), wordsOf(index), wordsOf(index), 'changed_at', lately()],
    )
    if (state?.population === 0 && Number(state.item_count) >= Number(state.row_count)) whole.add(index)
  }
  filled.set(db.client.config, whole)
}

const everyMs = 60_000

/**
 * Has SQL Server find in indexes by its full text as soon as that can be; where it has none, or refuses (`refused` hears why), its rows
 * are looked at as before. Answers how to end.
 */
export function keepFullText(db: Knex, indexes: readonly SearchIndex[], refused: (error: unknown) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const look = () =>
    lookAtFullText(db, indexes).catch((error) => {
      filled.delete(db.client.config)
      refused(error)
    })
  makeFullText(db, indexes)
    .then((isThere) => {
      if (!isThere) return
      timer = setInterval(look, everyMs).unref()
      return look()
    })
    .catch(refused)
  return () => clearInterval(timer)
}
