import type { Knex } from 'knex'
import { id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** What people note down for themselves. */
export async function up(knex: Knex) {
  await knex.schema.createTable('notes', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'title', 60).notNullable()
    long(t, 'content')
    instant(t, 'updated_at').notNullable()
    t.integer('version').notNullable()
    t.index(['user_id', 'updated_at'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('notes')
