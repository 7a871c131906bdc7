import type { Knex } from 'knex'
import { anyOf, isProvedByTokens, needlesOf, type SearchTerms, tokenExpressions } from '../search/terms.ts'
import { type FacetValue, facetToken, longTextLength } from '../search/tokens.ts'
import { engine, escapeLike, startsWith, unindexed, whereIdIn } from './dialect.ts'
import { isMetMoreThan } from './frequent-tokens.ts'
import { createWords, dropWords, wordHits } from './full-text.ts'
import { type Named, namedSo, ownedBy, standsIn, whereFacets } from './search-narrowing.ts'
import { type FacetedIndex, type SearchIndex, textsOf } from './search-tables.ts'

/**
 * What to look for: terms of `searchTerms`, and for each facet the values one of which the record must have (null:
 * not filled in). A facet is named like its column. Without either, every record is found. `pinyin`
 * finds beside the terms the records whose full pinyin begins so.
 */
export type Search = {
  terms?: SearchTerms | null
  facets?: Record<string, FacetValue | FacetValue[]>
  pinyin?: string | null
  /** Only records of these people; for many of them, where as facets they would be too many tokens. */
  owners?: ReadonlySet<number> | undefined
  /** Parts that must stand in some columns of the record: not in what else the text holds and this person must not read. */
  named?: Named[] | undefined
}

export type SearchPage = { ids: number[]; total: number; isCapped: boolean }
/** Totals are counted up to here: counting a million texts that must be looked at would take a second. */
export const countLimit = 10_000

/**
 * Creates the tables of the search. Both databases keep the normalised text of each living record; SQLite adds an
 * index of its tokens. Without positions (`detail=none`) that takes 40 % of the space; where the tokens of a part do
 * not prove it, the text decides.
 */
export async function createSearch(of: FacetedIndex, db: Knex): Promise<void> {
  await db.schema.createTable(textsOf(of), (table) => {
    table.integer(of.key).notNullable().primary()
    table.string('text', longTextLength).notNullable()
  })
  await createTokens(db, of.tokens)
}

/** Creates the table of tokens of an index. */
export async function createTokens(db: Knex, index: SearchIndex): Promise<void> {
  if (engine(db) === 'mssql') return createWords(db, index)
  // The tokenizer takes every byte beyond ASCII for a letter, so that characters outside the BMP work.
  await db.schema.raw(`create virtual table ${index} using fts5(tokens, content='', contentless_delete=1,
    detail=none, tokenize="ascii tokenchars '_=-'")`)
}

export const dropTokens = async (db: Knex, index: SearchIndex): Promise<void> =>
  engine(db) === 'mssql' ? dropWords(db, index) : db.schema.dropTable(index)

export async function dropSearch(of: FacetedIndex, db: Knex): Promise<void> {
  await dropTokens(db, of.tokens)
  await db.schema.dropTable(textsOf(of))
}

/**
 * How many pieces of the index on SQLite a save merges: of so many of one size some (`automerge`, 0: never), of so many
 * all at once (`crisismerge`); and of how many on kernel/db/upkeep.ts does it (`usermerge`). Bound, the numbers would be no
 * integers for FTS5. Do not raise FTS5's `hashsize` for an import: its large pieces end on a low level, and a later
 * single save merges them (3 s); where all are joined in the end (text-index.ts) that saves half the time.
 */
export async function setMerging(
  db: Knex,
  numbers: Partial<Record<'automerge' | 'crisismerge' | 'usermerge' | 'hashsize', number>>,
  index: SearchIndex,
): Promise<void> {
  if (engine(db) === 'mssql') return
  for (const [option, number] of Object.entries(numbers))
    await db.raw(`insert into ${index} (${index}, rank) values ('${option}', ${number})`)
}

/** Joins all pieces of the index on SQLite, after it was filled: half a minute at 1,000,000 records. */
export async function mergeSearch({ tokens }: Pick<FacetedIndex, 'tokens'>, db: Knex): Promise<void> {
  if (engine(db) === 'sqlite') await db.raw(`insert into ${tokens} (${tokens}) values ('optimize')`)
}

/** The ids of the records found, as a subquery: `.whereIn('<table>.id', matching(of, db, search))`. */
export function matching(of: FacetedIndex, db: Knex, search: Search): Knex.QueryBuilder {
  return union(db, waysOf(of, db, search))
}

/** The newest ids found, at most `limit`; each way is cut before they are put together, so that no way is read whole. */
export function newestMatching(of: FacetedIndex, db: Knex, search: Search, limit: number): Knex.QueryBuilder {
  const ways = waysOf(of, db, search).map((way) => way.orderBy('id', 'desc').limit(limit))
  return ways.length === 1 ? (ways[0] as Knex.QueryBuilder) : union(db, ways).orderBy('id', 'desc').limit(limit)
}

/**
 * Narrows a query of records to those found by looking at each: for a query that walks an index and soon meets them,
 * where `matching` would first collect a million ids. Facets are left to the caller, as columns.
 */
export function holding(
  of: FacetedIndex,
  db: Knex,
  query: Knex.QueryBuilder,
  { terms, pinyin, named = [] }: Search,
): Knex.QueryBuilder {
  const text = db(textsOf(of)).where(of.key, db.ref(`${of.table}.id`))
  for (const part of terms?.parts ?? []) wherePart(text, 'text', part)
  return query.where((any) => {
    any.where((found) => {
      found.whereExists(text)
      for (const one of named) standsIn(found, one)
    })
    if (pinyin) any.orWhere((spelled) => startsWith(spelled, `${of.table}.${of.pinyin}`, pinyin))
  })
}

/** One page of the ids found, the newest first, and how many there are; above 10,000 the total is 10,000 and capped. */
export async function searchPage(
  of: FacetedIndex,
  db: Knex,
  { page = 1, size = 10, ...search }: Search & { page?: number; size?: number },
): Promise<SearchPage> {
  const isFull = await isMetMoreThan(of, db, search, countLimit)
  const limit = isFull ? page * size : Math.max(countLimit + 1, page * size)
  const hits = newestMatching(of, db, search, limit)
  const total = db.from('hits').count({ total: '*' })
  const rows: { id: number; total: number }[] = await db
    .with('hits', hits)
    .from('hits')
    .select('id', total.clone().as('total'))
    .orderBy('id', 'desc')
    .limit(size)
    .offset((page - 1) * size)
  const [counted] = rows.length || page === 1 ? rows : await db.with('hits', hits).from('hits').count({ total: '*' })
  const found = isFull ? countLimit + 1 : Number(counted?.total ?? 0)
  return { ids: rows.map((row) => row.id), total: Math.min(found, countLimit), isCapped: found > countLimit }
}

function waysOf(of: FacetedIndex, db: Knex, search: Search): Knex.QueryBuilder[] {
  const found = engine(db) === 'sqlite' ? matchingTokens(of, db, search) : matchingTexts(of, db, search)
  const byText = namedSo(of, db, found, search)
  return search.pinyin ? [byText, matchingPinyin(of, db, search.pinyin, search)] : [byText]
}

function union(db: Knex, ways: Knex.QueryBuilder[]): Knex.QueryBuilder {
  if (ways.length === 1) return ways[0] as Knex.QueryBuilder
  const [first, ...others] = ways.map((way) => db.from(way.as('way')).select('id'))
  return db.from((first as Knex.QueryBuilder).union(others).as('found')).select('id')
}

function matchingPinyin(of: FacetedIndex, db: Knex, pinyin: string, { facets = {}, owners }: Search) {
  const query = db(of.table).select('id').whereNull('deleted_at')
  startsWith(query, of.pinyin, pinyin)
  whereFacets(of, db, query, facets)
  if (owners) whereIdIn(query, unindexed(db, `${of.table}.${of.owner}`), [...owners])
  return query
}

function matchingTokens(of: FacetedIndex, db: Knex, { terms, facets = {}, owners }: Search) {
  const tokens = Object.entries(facets).map(([facet, values]) =>
    [values].flat().map((value) => facetToken(facet, value)),
  )
  const expression = [...(terms ? tokenExpressions(terms) : []), ...tokens.map(anyOf)].join(' AND ')
  if (!expression) return ownedBy(of, db, db(textsOf(of)).select({ id: of.key }), of.key, owners)
  const query = db(of.tokens).select({ id: 'rowid' }).whereRaw('?? match ?', [of.tokens, expression])
  ownedBy(of, db, query, `${of.tokens}.rowid`, owners)
  const unproved = (terms?.parts ?? []).filter((part) => !isProvedByTokens(part))
  if (!unproved.length) return query
  const text = db(textsOf(of)).where(of.key, db.ref(`${of.tokens}.rowid`))
  for (const part of unproved) wherePart(text, 'text', part)
  return query.whereExists(text)
}

function matchingTexts(of: FacetedIndex, db: Knex, { terms, facets = {}, owners }: Search) {
  const query = db(textsOf(of))
    .join(of.table, `${of.table}.id`, `${textsOf(of)}.${of.key}`)
    .select({ id: `${of.table}.id` })
  const hits = terms && wordHits(db, of.tokens, tokenExpressions(terms).join(' AND '))
  if (hits) query.whereIn(`${of.table}.id`, hits)
  for (const part of terms?.parts ?? []) wherePart(query, 'text', part)
  whereFacets(of, db, query, facets)
  if (owners) whereIdIn(query, `${of.table}.${of.owner}`, [...owners])
  return query
}

/** Texts that hold a part as it is or spelled. */
export const wherePart = (query: Knex.QueryBuilder, column: string, part: string) =>
  query.where((any) => {
    for (const needle of needlesOf(part)) any.orWhere((text) => whereText(text, column, needle))
  })

/** On SQL Server the binary collation compares code points: others take rare hanzi for nothing, and are several times slower. */
function whereText(query: Knex.QueryBuilder, column: string, part: string) {
  if (engine(query as never) === 'sqlite') return query.whereRaw('instr(??, ?) > 0', [column, part])
  return query.whereRaw("?? collate Latin1_General_100_BIN2 like ? escape '\\'", [column, `%${escapeLike(part)}%`])
}
