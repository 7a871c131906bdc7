import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** What a decimal of an own module is counted in, how many places it has, and its bounds. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('own_fields', (t) => {
    t.integer('places')
    text(t, 'unit', 20)
    text(t, 'least', 30)
    text(t, 'greatest', 30)
  })
}

export const down = (knex: Knex) => dropColumns(knex, 'own_fields', ['places', 'unit', 'least', 'greatest'])
