import type { Knex } from 'knex'
import { instant, text } from '../src/kernel/db/columns.ts'

/** What is done by the clock, and until when it was; whichever server moves a row does the work. */
export async function up(knex: Knex) {
  await knex.schema.createTable('schedules', (t) => {
    text(t, 'name', 40).primary()
    text(t, 'plan', 60).notNullable()
    instant(t, 'done_until_at').notNullable()
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('schedules')
