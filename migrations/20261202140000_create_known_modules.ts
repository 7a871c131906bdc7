import type { Knex } from 'knex'
import { text } from '../src/kernel/db/columns.ts'

/** The modules whose rights the built-in roles have been given (people/roles/installed.ts). */
export const up = (knex: Knex) =>
  knex.schema.createTable('known_modules', (t) => void text(t, 'name', 40).notNullable().primary())

export const down = (knex: Knex) => knex.schema.dropTable('known_modules')
