import type { Knex } from 'knex'
import { setMerging } from '../src/customers/search-index.ts'

/**
 * A save writes its own small piece of the search index and no more; kernel/db/upkeep.ts merges the pieces in small steps. Only
 * when there are 200 of a size, because nobody merges, a save does it.
 */
export const up = (knex: Knex) => setMerging(knex, { automerge: 0, crisismerge: 200 })

export const down = (knex: Knex) => setMerging(knex, { automerge: 4, crisismerge: 16 })
