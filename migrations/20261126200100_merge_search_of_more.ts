import type { Knex } from 'knex'
import { setMerging } from '../src/customers/search-index.ts'

/**
 * Eight pieces of a size are merged at once instead of four: an import of 100,000 customers merges a third less, and a
 * search looks through a few pieces more.
 */
export const up = (knex: Knex) => setMerging(knex, { usermerge: 8 })

export const down = (knex: Knex) => setMerging(knex, { usermerge: 4 })
