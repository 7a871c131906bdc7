import type { Knex } from 'knex'
import { createSearch, dropSearch } from '../src/customers/search-index.ts'

export const up = (knex: Knex) => createSearch(knex)
export const down = (knex: Knex) => dropSearch(knex)
