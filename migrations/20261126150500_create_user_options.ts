import type { Knex } from 'knex'
import { instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** How a person likes to work. */
export async function up(knex: Knex) {
  await knex.schema.createTable('user_options', (t) => {
    ref(t, 'user_id', 'users').primary()
    long(t, 'signature')
    text(t, 'start_page', 100)
    text(t, 'density', 20)
    t.integer('rows_per_page')
    instant(t, 'updated_at')
    t.integer('version').notNullable()
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('user_options')
