import type { Knex } from 'knex'
import { id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** Files that the program made for somebody: exports and reports. */
export async function up(knex: Knex) {
  await knex.schema.createTable('made_files', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'name', 200).notNullable()
    text(t, 'state', 10).notNullable()
    text(t, 'permission', 60).notNullable()
    long(t, 'rights').notNullable()
    text(t, 'storage_name', 40)
    t.bigInteger('size_bytes')
    instant(t, 'created_at').notNullable()
    t.index(['user_id', 'id'])
    t.index(['created_at'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('made_files')
