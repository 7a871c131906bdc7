import type { Knex } from 'knex'
import { anyOf, isProvedByTokens, type SearchTerms, tokenExpressions } from '../search/terms.ts'
import { facetToken, fieldEnd, searchTokens, textLength } from '../search/tokens.ts'
import { id, text } from './columns.ts'
import { engine, insertReturning } from './dialect.ts'
import { createTokens, setMerging, wherePart } from './search.ts'

/*
 * One index for all modules whose records are found by it, keyed by module and id: what kernel/db/search.ts is for the one
 * that has its own. Rows that the index knows and the module does not have any more do no harm: whoever uses the ids looks
 * at the rows.
 */

/** What is found of a record; `masked_text` only by those who may read all of it. Both as of kernel/search/tokens.ts. */
export type Indexed = { id: number; text: string; masked_text: string | null }
/** `isOpenOnly`: this person must not find anything by what is masked. */
export type Sought = { module: string; terms: SearchTerms; isOpenOnly: boolean }

type Hit = { id: number; place: number }

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
  await createTokens(db, 'module_search')
  await setMerging(db, { automerge: 0, crisismerge: 200, usermerge: 8 }, 'module_search')
}

export async function dropModuleSearch(db: Knex): Promise<void> {
  if (engine(db) === 'sqlite') await db.schema.dropTable('module_search')
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
    if (engine(db) === 'mssql') continue
    const texts = new Map(some.map(({ id, text, masked_text }) => [id, [text, masked_text ?? ''].join(fieldEnd)]))
    const places = made.map(() => '(?, ?)').join(', ')
    const values = made.flatMap((row) => [row.id, searchTokens(texts.get(row.record_id) ?? '', { module })])
    await db.raw(`insert into module_search (rowid, tokens) values ${places}`, values)
  }
}

/** Records of a module, at most 500, are not found any more; without ids none of it is. */
export async function unindexModule(db: Knex, module: string, ids?: number[]): Promise<void> {
  const known = () => (ids ? db(table).where({ module }).whereIn('record_id', ids) : db(table).where({ module }))
  if (engine(db) === 'sqlite') await db('module_search').whereIn('rowid', known().select('id')).delete()
  await known().delete()
}

/** The ids of the records found, as a subquery: `.whereIn('equipment.id', matchingRecords(db, sought))`. */
export function matchingRecords(db: Knex, { module, terms, isOpenOnly }: Sought): Knex.QueryBuilder {
  const texts = db(table).select({ id: `${table}.record_id` })
  if (engine(db) === 'mssql') return holding(texts.where({ module }), terms.parts, isOpenOnly)
  const expression = [...tokenExpressions(terms), anyOf([facetToken('module', module)])].join(' AND ')
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
