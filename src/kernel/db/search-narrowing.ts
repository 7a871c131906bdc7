import type { Knex } from 'knex'
import type { FacetValue } from '../search/tokens.ts'
import { contains, containsDigits, unindexed, whereIdIn } from './dialect.ts'
import type { Search } from './search.ts'

/** Looks at the owner of each customer that is found; `id` is its column. */
export function ownedBy(db: Knex, query: Knex.QueryBuilder, id: string, owners: Search['owners']) {
  if (!owners) return query
  const owned = db('customers').where('customers.id', db.ref(id))
  return query.whereExists(whereIdIn(owned, unindexed(db, 'customers.owner_id'), [...owners]))
}

/** A part of what is looked for and the columns one of which must hold it, signs between digits and letters aside. */
export type Named = { part: string; columns: string[] }

export const standsIn = (query: Knex.QueryBuilder, { part, columns }: Named) =>
  query.where((any) => {
    contains(any, columns, part)
    any.orWhere((plain) => containsDigits(plain, columns, part))
  })

/** Of what was found in a text, only that in which parts stand where they may be looked for; the query answers `id`. */
export function namedSo(db: Knex, query: Knex.QueryBuilder, { named = [] }: Search): Knex.QueryBuilder {
  if (named.length === 0) return query
  const rows = db('customers').select({ id: 'customers.id' }).whereIn('customers.id', query)
  for (const one of named) standsIn(rows, one)
  return rows
}

/** Narrows a query of customers to those that have, for each facet, one of its values in their column or among their tags. */
export function whereFacets(db: Knex, query: Knex.QueryBuilder, facets: NonNullable<Search['facets']>) {
  for (const [facet, values] of Object.entries(facets)) {
    if (facet === 'tag_id') query.whereIn('customers.id', tagged(db, values))
    else query.where((any) => whereAny(any, `customers.${facet}`, values))
  }
}

const tagged = (db: Knex, values: FacetValue | FacetValue[]) =>
  db('customer_tags')
    .select('customer_id')
    .whereIn('tag_id', [values].flat() as (string | number)[])

function whereAny(any: Knex.QueryBuilder, column: string, values: FacetValue | FacetValue[]) {
  const list = [values].flat()
  any.whereIn(
    column,
    list.filter((value) => value !== null),
  )
  if (list.includes(null)) any.orWhereNull(column)
}
