import type { Knex } from 'knex'
import { createModuleSearch, dropModuleSearch } from '../src/kernel/db/module-search.ts'

/** One index of the search for all declared modules, keyed by module and id. */
export const up = (knex: Knex) => createModuleSearch(knex)

export const down = (knex: Knex) => dropModuleSearch(knex)
