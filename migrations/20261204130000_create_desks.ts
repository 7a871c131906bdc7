import type { Knex } from 'knex'
import { instant, long, ref } from '../src/kernel/db/columns.ts'

/** What the workbench of a person remembers: the records opened last, and that its hints were read. */
export async function up(knex: Knex) {
  await knex.schema.createTable('desks', (t) => {
    ref(t, 'user_id', 'users').primary()
    long(t, 'recent_records')
    instant(t, 'hints_closed_at')
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('desks')
