import type { Knex } from 'knex'
import { dictionaries } from './dictionaries.ts'

/*
 * The search index on SQLite holds the entries of each customer as tokens. To write them anew for all records that were
 * moved to another entry would take about 0.15 ms each, minutes for a large file; so the entry that is gone stays
 * findable under the one that took its records. Ids are never used twice, and a customer that is saved again is indexed
 * with what it has then.
 */

/** Remembers that the records of one entry went to another, those that had come to it before too. */
export async function rememberMove(trx: Knex, from_id: number, to_id: number) {
  await trx('entry_moves').where({ to_id: from_id }).update({ to_id })
  await trx('entry_moves').insert({ from_id, to_id })
}

/** Forgets what went to an entry that is removed without any records. */
export const forgetMoves = (trx: Knex, to_id: number) => trx('entry_moves').where({ to_id }).delete()

const columns = new Set(dictionaries.flatMap(({ uses }) => uses.map(({ column }) => column)))

/** Chosen values of customers as the search index must be asked for them: entries with those whose records they took. */
export async function searchFacets(db: Knex, chosen: [column: string, value: string | string[]][]) {
  const facets: Record<string, string | string[]> = Object.fromEntries(chosen)
  const ids = chosen.filter(([column]) => columns.has(column)).flatMap(([, values]) => [values].flat().map(Number))
  const moves: { from_id: number; to_id: number }[] = ids.length ? await db('entry_moves').whereIn('to_id', ids) : []
  for (const [column, values] of chosen) {
    const formers = moves.filter(({ to_id }) => columns.has(column) && [values].flat().includes(String(to_id)))
    if (formers.length > 0) facets[column] = [values, ...formers.map(({ from_id }) => String(from_id))].flat()
  }
  return facets
}
