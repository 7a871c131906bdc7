import type { Knex } from 'knex'
import { readingsOf } from '../china/syllables.ts'
import type { FacetValue } from '../search/tokens.ts'
import { contains, containsDigits, unindexed, whereIdIn } from './dialect.ts'
import type { Search } from './search.ts'
import type { FacetedIndex } from './search-tables.ts'

/** Looks at the owner of each record that is found; `id` is its column. */
export function ownedBy(
  { table, owner }: FacetedIndex,
  db: Knex,
  query: Knex.QueryBuilder,
  id: string,
  owners: Search['owners'],
) {
  if (!owners) return query
  const owned = db(table).where(`${table}.id`, db.ref(id))
  return query.whereExists(whereIdIn(owned, unindexed(db, `${table}.${owner}`), [...owners]))
}

/**
 * A part of what is looked for and the columns one of which must hold it, signs between digits and letters aside; or it
 * is spelled as full pinyins are, which stand beside their initials.
 */
export type Named = { part: string; columns: string[]; spelled?: Spelled[] }
export type Spelled = { full: string; initials: string }

export const standsIn = (query: Knex.QueryBuilder, { part, columns, spelled = [] }: Named) =>
  query.where((any) => {
    contains(any, columns, part)
    any.orWhere((plain) => containsDigits(plain, columns, part))
    for (const one of spelled) any.orWhere((pinyin) => isSpelled(pinyin, one, part))
  })

/** Rows whose full pinyin holds letters, and whose initials those of the syllables that they are. */
export function isSpelled(query: Knex.QueryBuilder, { full, initials }: Spelled, part: string): Knex.QueryBuilder {
  const begun = new Set(readingsOf(part).map((syllables) => syllables.map(([first]) => first).join('')))
  if (begun.size === 0) return query.whereRaw('1 = 0')
  return contains(query, [full], part).where((any) => {
    for (const letters of begun) any.orWhere((one) => contains(one, [initials], letters))
  })
}

/** Of what was found in a text, only that in which parts stand where they may be looked for; the query answers `id`. */
export function namedSo(
  { table }: FacetedIndex,
  db: Knex,
  query: Knex.QueryBuilder,
  { named = [] }: Search,
): Knex.QueryBuilder {
  if (named.length === 0) return query
  const rows = db(table)
    .select({ id: `${table}.id` })
    .whereIn(`${table}.id`, query)
  for (const one of named) standsIn(rows, one)
  return rows
}

/** Narrows a query of records to those that have, for each facet, one of its values in their column or beside it. */
export function whereFacets(
  { table, many }: FacetedIndex,
  db: Knex,
  query: Knex.QueryBuilder,
  facets: NonNullable<Search['facets']>,
) {
  for (const [facet, values] of Object.entries(facets)) {
    const held = many[facet]
    if (held) query.whereIn(`${table}.id`, holders(db, held, values))
    else query.where((any) => whereAny(any, `${table}.${facet}`, values))
  }
}

const holders = (db: Knex, { table, record, value }: FacetedIndex['many'][string], values: FacetValue | FacetValue[]) =>
  db(table)
    .select(record)
    .whereIn(value, [values].flat() as (string | number)[])

function whereAny(any: Knex.QueryBuilder, column: string, values: FacetValue | FacetValue[]) {
  const list = [values].flat()
  any.whereIn(
    column,
    list.filter((value) => value !== null),
  )
  if (list.includes(null)) any.orWhereNull(column)
}
