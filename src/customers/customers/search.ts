import type { Knex } from 'knex'
import { searchTerms } from '../../kernel/search/terms.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { matching } from '../search-index.ts'
import { namedParts, pinyinOf } from './list-request.ts'

/** Narrows a query of customers to those that a search finds. */
export function searchCustomers(db: Knex, query: Knex.QueryBuilder, q: string, viewer: Viewer): Knex.QueryBuilder {
  const terms = searchTerms(q)
  if (!terms) return query.where('customers.id', 0)
  return query.whereIn('customers.id', matching(db, { terms, pinyin: pinyinOf(q), named: namedParts(terms, viewer) }))
}
