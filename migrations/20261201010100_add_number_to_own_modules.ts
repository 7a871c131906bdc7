import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** The column of an own module that gets the next number where it is left empty, and its pattern. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('own_modules', (t) => {
    text(t, 'number_column', 30)
    text(t, 'number_pattern', 40)
  })
}

export const down = (knex: Knex) => dropColumns(knex, 'own_modules', ['number_column', 'number_pattern'])
