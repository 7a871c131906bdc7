import type { Knex } from 'knex'
import { cachedByRevision } from '../db/cache-revision.ts'

/** How a person likes to work; null leaves it as it is for everybody. */
export type Options = {
  density: string | null
  start_page: string | null
  rows_per_page: number | null
  enter_key: string | null
}

/** What every page needs to know of it, by person. */
export const optionsAt = cachedByRevision(async (db: Knex): Promise<Map<number, Options>> => {
  const rows: (Options & { user_id: number })[] = await db('user_options').select(
    'user_id',
    'density',
    'start_page',
    'rows_per_page',
    'enter_key',
  )
  return new Map(rows.map((row) => [row.user_id, row]))
})
