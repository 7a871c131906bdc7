import type { Knex } from 'knex'
import { createSearch, dropSearch, setMerging } from '../src/customers/search-index.ts'

/** Made anew, empty, for longer texts: `20261202130100_fill_customer_search` fills it. */
export async function up(knex: Knex) {
  await dropSearch(knex)
  await createSearch(knex)
  await setMerging(knex, { automerge: 0, crisismerge: 200, usermerge: 8 })
}

/** Shorter texts stand in it as well. */
export async function down() {}
