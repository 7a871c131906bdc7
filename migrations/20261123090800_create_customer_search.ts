import type { Knex } from 'knex'
import { createSearch, dropSearch } from '../src/kernel/db/search.ts'

export const up = (knex: Knex) => createSearch(knex)
export const down = (knex: Knex) => dropSearch(knex)
