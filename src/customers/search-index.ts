import type { Knex } from 'knex'
import * as frequent from '../kernel/db/frequent-tokens.ts'
import * as search from '../kernel/db/search.ts'
import * as facets from '../kernel/db/search-facets.ts'
import * as index from '../kernel/db/search-index.ts'
import type { FacetedIndex } from '../kernel/db/search-tables.ts'

/** The index of customers with what is chosen of them: a million of them are counted and found by it. */
export const customersIndex: FacetedIndex = {
  table: 'customers',
  tokens: 'customer_search',
  key: 'customer_id',
  owner: 'owner_id',
  pinyin: 'name_pinyin',
  many: { tag_id: { table: 'customer_tags', record: 'customer_id', value: 'tag_id' } },
}

type Rest<F> = F extends (of: FacetedIndex, db: Knex, ...rest: infer R) => infer T ? (db: Knex, ...rest: R) => T : never
const bound = <F>(work: F): Rest<F> =>
  ((db: Knex, ...rest: unknown[]) => (work as (...all: unknown[]) => unknown)(customersIndex, db, ...rest)) as Rest<F>

export const createSearch = bound(search.createSearch)
export const dropSearch = bound(search.dropSearch)
export const mergeSearch = bound(search.mergeSearch)
export const matching = bound(search.matching)
export const newestMatching = bound(search.newestMatching)
export const holding = bound(search.holding)
export const searchPage = bound(search.searchPage)
export const weighTerms = bound(frequent.weighTerms)
export const reindexCustomers = bound(index.reindex)
export const indexCustomers = bound(index.indexNew)
export const storeTokens = bound(index.storeTokens)
export const unindexCustomers = bound(index.unindex)
export const refacetCustomers = bound(facets.refacet)
export const setMerging = (db: Knex, numbers: Parameters<typeof search.setMerging>[1]) =>
  search.setMerging(db, numbers, customersIndex.tokens)

export type { Search, SearchPage } from '../kernel/db/search.ts'
export type { Searchable } from '../kernel/db/search-index.ts'
export type { Named } from '../kernel/db/search-narrowing.ts'
