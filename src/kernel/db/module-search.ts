import type { Knex } from 'knex'
import { anyOf, isProvedByTokens, type SearchTerms, tokenExpressions } from '../search/terms.ts'
import { facetToken, fieldEnd, searchTokens, textLength } from '../search/tokens.ts'
import { id, text } from './columns.ts'
import { engine, insertReturning, setEach } from './dialect.ts'
import { wordHits } from './full-text.ts'
import { createTokens, dropTokens, setMerging, wherePart } from './search.ts'
import { removeTokens, storeTokens } from './search-index.ts'
import type { SearchIndex } from './search-tables.ts'

/*
 * One index for all modules whose records are found by it, keyed by module and id: what kernel/db/search.ts is for the one
 * that has its own. Rows that the index knows and the module does not have any more do no harm: whoever uses the ids looks
 * at the rows.
 */

/**
 * What is found of a record; `masked_text` only by those who may read all of it. Both as of kernel/search/tokens.ts. `owner` is
 * whose it is, where it belongs to somebody.
 */
export type Indexed = { id: number; text: string; masked_text: string | null; owner?: number | undefined }
/**
 * `isOpenOnly`: this person must not find anything by what is masked. `owners`: of no others is found anything, on SQLite;
 * SQL Server, and who shows what is found, asks the rows.
 */
export type Sought = {
  module: string
  terms: SearchTerms
  isOpenOnly: boolean
  owners?: ReadonlySet<number> | undefined
}

type Hit = { id: number; place: number }

/** Its tokens. */
export const moduleIndex: SearchIndex = 'module_search'
const table = 'module_search_texts'
const rowsAtOnce = 200

export async function createModuleSearch(db: Knex): Promise<void> {
  await db.schema.createTable(table, (t) => {
    id(t)
    text(t, 'module', 60).notNullable()
    t.integer('record_id').notNullable()
    text(t, 'text', textLength).notNullable()
    text(t, 'masked_text', textLength / 4)
    t.unique(['module', 'record_id'])
  })
  await createTokens(db, moduleIndex)
  await setMerging(db, { automerge: 0, crisismerge: 200, usermerge: 8 }, moduleIndex)
}

export async function dropModuleSearch(db: Knex): Promise<void> {
  await dropTokens(db, moduleIndex)
  await db.schema.dropTable(table)
}

/** Makes records of a module findable as they are now, whether or not they were before; each id at most once. */
export async function indexModule(db: Knex, module: string, rows: Indexed[]): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce)
    await unindexModule(
      db,
      module,
      some.map(({ id }) => id),
    )
    const made = await insertReturning<{ id: number; record_id: number }>(
      db,
      table,
      some.map(({ id, text, masked_text }) => ({ module, record_id: id, text, masked_text })),
      ['id', 'record_id'],
    )
    const texts = new Map(some.map((row) => [row.id, row]))
    await storeTexts(
      db,
      made.map(({ id, record_id }) => ({ ...(texts.get(record_id) as Indexed), id, module })),
    )
  }
}

/** The owner's token says the module too: that of a module of millions alone would be walked to its end beside rarer ones. */
export const facetsOf = (module: string, owner: number | undefined) => ({
  module,
  ...(owner !== undefined && { owner: `${module}-${owner}` }),
})

const facetTokens = (module: string, owners: Sought['owners']): string[] =>
  owners
    ? [...owners].map((owner) => facetToken('owner', facetsOf(module, owner).owner as string))
    : [facetToken('module', module)]

type StoredText = Indexed & { module: string }

const storeTexts = (db: Knex, rows: StoredText[]): Promise<void> =>
  storeTokens(
    { tokens: moduleIndex },
    db,
    rows.map(({ id, module, text, masked_text, owner }) => ({
      id,
      tokens: searchTokens([text, masked_text ?? ''].join(fieldEnd), facetsOf(module, owner)),
    })),
  )

/**
 * Puts other texts in the place of those that are there, for a migration that finds by more; `change` answers the same where
 * nothing does. Not for records that belong to somebody: whose they are is not kept with the text.
 */
export async function changeTexts(db: Knex, change: (text: string) => string): Promise<void> {
  for (let last = 0; ; ) {
    const rows: StoredText[] = await db(table).where('id', '>', last).orderBy('id').limit(rowsAtOnce)
    const end = rows.at(-1)?.id ?? last
    if (end <= last) return
    const changed = rows
      .map((row) => ({ ...row, text: change(row.text) }))
      .filter(({ text }, at) => text !== rows[at]?.text)
    if (changed.length > 0) {
      await setEach(
        db,
        table,
        'text',
        changed.map(({ id, text }) => [id, text]),
      )
      await storeTexts(db, changed)
    }
    last = end
  }
}

/** Records of a module, at most 500, are not found any more; without ids none of it is. */
export async function unindexModule(db: Knex, module: string, ids?: number[]): Promise<void> {
  const known = () => (ids ? db(table).where({ module }).whereIn('record_id', ids) : db(table).where({ module }))
  await removeTokens(db, moduleIndex, known().select('id'))
  await known().delete()
}

/** The ids of the records found, as a subquery: `.whereIn('equipment.id', matchingRecords(db, sought))`. */
export function matchingRecords(db: Knex, { module, terms, isOpenOnly, owners }: Sought): Knex.QueryBuilder {
  const texts = db(table).select({ id: `${table}.record_id` })
  if (engine(db) === 'mssql') {
    const hits = wordHits(db, moduleIndex, tokenExpressions(terms).join(' AND '))
    if (hits) texts.whereIn(`${table}.id`, hits)
    return holding(texts.where({ module }), terms.parts, isOpenOnly)
  }
  const expression = [...tokenExpressions(terms), anyOf(facetTokens(module, owners))].join(' AND ')
  texts.join('module_search', 'module_search.rowid', `${table}.id`).whereRaw('module_search match ?', [expression])
  return holding(texts, isOpenOnly ? terms.parts : terms.parts.filter((part) => !isProvedByTokens(part)), isOpenOnly)
}

/** Some of the ids found, those that became findable last first; `before` goes on behind the `place` of the last. */
export async function newestRecords(db: Knex, sought: Sought, limit: number, before?: number): Promise<Hit[]> {
  const place = engine(db) === 'sqlite' ? 'module_search.rowid' : `${table}.id`
  const hits = matchingRecords(db, sought).select({ place }).orderBy(place, 'desc').limit(limit)
  return before === undefined ? hits : hits.where(place, '<', before)
}

/** Narrows rows of a module to those found by looking at each: where so many are found that a page of them is soon met. */
export function lookAtRecords(rows: Knex.QueryBuilder, { module, terms, isOpenOnly }: Sought): Knex.QueryBuilder {
  return rows.whereExists((own: Knex.QueryBuilder) => {
    own
      .from(table)
      .where(`${table}.module`, module)
      .whereRaw('?? = ??', [`${table}.record_id`, `${module}.id`])
    holding(own.select(`${table}.id`), terms.parts, isOpenOnly)
  })
}

function holding(texts: Knex.QueryBuilder, parts: string[], isOpenOnly: boolean): Knex.QueryBuilder {
  for (const part of parts)
    texts.where((any) => {
      wherePart(any, `${table}.text`, part)
      if (!isOpenOnly) any.orWhere((masked) => wherePart(masked, `${table}.masked_text`, part))
    })
  return texts
}
