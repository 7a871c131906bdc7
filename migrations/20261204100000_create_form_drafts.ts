import type { Knex } from 'knex'
import { id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** What people typed into forms and have not saved, for an hour. */
export async function up(knex: Knex) {
  await knex.schema.createTable('form_drafts', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'address', 300).notNullable()
    long(t, 'fields').notNullable()
    instant(t, 'created_at').notNullable()
    t.unique(['user_id', 'address'])
    t.index('created_at')
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('form_drafts')
