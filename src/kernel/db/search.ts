import type { Knex } from 'knex'
import { anyOf, isProvedByTokens, type SearchTerms, tokenExpressions } from '../search/terms.ts'
import { type FacetValue, facetToken, textLength } from '../search/tokens.ts'
import { engine, escapeLike, startsWith, unindexed, whereIdIn } from './dialect.ts'
import { type Named, namedSo, ownedBy, standsIn, whereFacets } from './search-narrowing.ts'
import type { SearchIndex } from './search-tables.ts'

/**
 * What to look for: terms of `searchTerms`, and for each facet the values one of which the customer must have (null:
 * not filled in). A facet is named like its column of customers. Without either, every customer is found. `pinyin`
 * finds beside the terms the customers whose full pinyin begins so.
 */
export type Search = {
  terms?: SearchTerms | null
  facets?: Record<string, FacetValue | FacetValue[]>
  pinyin?: string | null
  /** Only customers of these people; for many of them, where as facets they would be too many tokens. */
  owners?: ReadonlySet<number> | undefined
  /** Parts that must stand in some columns of the customer: not in what else the text holds and this person must not read. */
  named?: Named[] | undefined
}

export type SearchPage = { ids: number[]; total: number; isCapped: boolean }
/** Totals are counted up to here: counting a million texts that must be looked at would take a second. */
export const countLimit = 10_000

/**
 * Creates the tables of the search. Both databases keep the normalised text of each living customer; SQLite adds an
 * index of its tokens. Without positions (`detail=none`) that takes 40 % of the space; where the tokens of a part do
 * not prove it, the text decides.
 */
export async function createSearch(db: Knex): Promise<void> {
  await db.schema.createTable('customer_search_texts', (table) => {
    table.integer('customer_id').notNullable().primary()
    table.string('text', textLength).notNullable()
  })
  await createTokens(db, 'customer_search')
}

/** Creates the table of tokens of an index, on SQLite. */
export async function createTokens(db: Knex, index: SearchIndex): Promise<void> {
  if (engine(db) === 'mssql') return
  // The tokenizer takes every byte beyond ASCII for a letter, so that characters outside the BMP work.
  await db.schema.raw(`create virtual table ${index} using fts5(tokens, content='', contentless_delete=1,
    detail=none, tokenize="ascii tokenchars '_=-'")`)
}

export async function dropSearch(db: Knex): Promise<void> {
  if (engine(db) === 'sqlite') await db.schema.dropTable('customer_search')
  await db.schema.dropTable('customer_search_texts')
}

/**
 * How many pieces of the index on SQLite a save merges: of so many of one size some (`automerge`, 0: never), of so many
 * all at once (`crisismerge`); and of how many on kernel/db/upkeep.ts does it (`usermerge`). Bound, the numbers would be no
 * integers for FTS5. Do not raise FTS5's `hashsize` for an import: its large pieces end on a low level, and a later
 * single save merges them (3 s).
 */
export async function setMerging(
  db: Knex,
  numbers: Partial<Record<'automerge' | 'crisismerge' | 'usermerge', number>>,
  index: SearchIndex = 'customer_search',
): Promise<void> {
  if (engine(db) === 'mssql') return
  for (const [option, number] of Object.entries(numbers))
    await db.raw(`insert into ${index} (${index}, rank) values ('${option}', ${number})`)
}

/** The ids of the customers found, as a subquery: `.whereIn('customers.id', matching(db, search))`. */
export function matching(db: Knex, search: Search): Knex.QueryBuilder {
  return union(db, waysOf(db, search))
}

/** The newest ids found, at most `limit`; each way is cut before they are put together, so that no way is read whole. */
export function newestMatching(db: Knex, search: Search, limit: number): Knex.QueryBuilder {
  const ways = waysOf(db, search).map((way) => way.orderBy('id', 'desc').limit(limit))
  return ways.length === 1 ? (ways[0] as Knex.QueryBuilder) : union(db, ways).orderBy('id', 'desc').limit(limit)
}

/**
 * Narrows a query of customers to those found by looking at each: for a query that walks an index and soon meets them,
 * where `matching` would first collect a million ids. Facets are left to the caller, as columns.
 */
export function holding(db: Knex, query: Knex.QueryBuilder, { terms, pinyin, named = [] }: Search): Knex.QueryBuilder {
  const text = db('customer_search_texts').where('customer_id', db.ref('customers.id'))
  for (const part of terms?.parts ?? []) whereText(text, 'text', part)
  return query.where((any) => {
    any.where((found) => {
      found.whereExists(text)
      for (const one of named) standsIn(found, one)
    })
    if (pinyin) any.orWhere((spelled) => startsWith(spelled, 'customers.name_pinyin', pinyin))
  })
}

/** One page of the ids found, the newest first, and how many there are; above 10,000 the total is 10,000 and capped. */
export async function searchPage(
  db: Knex,
  { page = 1, size = 10, ...search }: Search & { page?: number; size?: number },
): Promise<SearchPage> {
  const limit = Math.max(countLimit + 1, page * size)
  const hits = newestMatching(db, search, limit)
  const total = db.from('hits').count({ total: '*' })
  const rows: { id: number; total: number }[] = await db
    .with('hits', hits)
    .from('hits')
    .select('id', total.clone().as('total'))
    .orderBy('id', 'desc')
    .limit(size)
    .offset((page - 1) * size)
  const [counted] = rows.length || page === 1 ? rows : await db.with('hits', hits).from('hits').count({ total: '*' })
  const found = Number(counted?.total ?? 0)
  return { ids: rows.map((row) => row.id), total: Math.min(found, countLimit), isCapped: found > countLimit }
}

function waysOf(db: Knex, search: Search): Knex.QueryBuilder[] {
  const byText = namedSo(db, engine(db) === 'sqlite' ? matchingTokens(db, search) : matchingTexts(db, search), search)
  return search.pinyin ? [byText, matchingPinyin(db, search.pinyin, search)] : [byText]
}

function union(db: Knex, ways: Knex.QueryBuilder[]): Knex.QueryBuilder {
  if (ways.length === 1) return ways[0] as Knex.QueryBuilder
  const [first, ...others] = ways.map((way) => db.from(way.as('way')).select('id'))
  return db.from((first as Knex.QueryBuilder).union(others).as('found')).select('id')
}

function matchingPinyin(db: Knex, pinyin: string, { facets = {}, owners }: Search) {
  const query = db('customers').select('id').whereNull('deleted_at')
  startsWith(query, 'name_pinyin', pinyin)
  whereFacets(db, query, facets)
  if (owners) whereIdIn(query, unindexed(db, 'customers.owner_id'), [...owners])
  return query
}

function matchingTokens(db: Knex, { terms, facets = {}, owners }: Search) {
  const tokens = Object.entries(facets).map(([facet, values]) =>
    [values].flat().map((value) => facetToken(facet, value)),
  )
  const expression = [...(terms ? tokenExpressions(terms) : []), ...tokens.map(anyOf)].join(' AND ')
  if (!expression) return ownedBy(db, db('customer_search_texts').select({ id: 'customer_id' }), 'customer_id', owners)
  const query = db('customer_search').select({ id: 'rowid' }).whereRaw('customer_search match ?', [expression])
  ownedBy(db, query, 'customer_search.rowid', owners)
  const unproved = (terms?.parts ?? []).filter((part) => !isProvedByTokens(part))
  if (!unproved.length) return query
  const text = db('customer_search_texts').where('customer_id', db.ref('customer_search.rowid'))
  for (const part of unproved) whereText(text, 'text', part)
  return query.whereExists(text)
}

function matchingTexts(db: Knex, { terms, facets = {}, owners }: Search) {
  const query = db('customer_search_texts')
    .join('customers', 'customers.id', 'customer_search_texts.customer_id')
    .select({ id: 'customers.id' })
  for (const part of terms?.parts ?? []) whereText(query, 'text', part)
  whereFacets(db, query, facets)
  if (owners) whereIdIn(query, 'customers.owner_id', [...owners])
  return query
}

/** On SQL Server the binary collation compares code points: others take rare hanzi for nothing, and are several times slower. */
export function whereText(query: Knex.QueryBuilder, column: string, part: string) {
  if (engine(query as never) === 'sqlite') return query.whereRaw('instr(??, ?) > 0', [column, part])
  return query.whereRaw("?? collate Latin1_General_100_BIN2 like ? escape '\\'", [column, `%${escapeLike(part)}%`])
}
