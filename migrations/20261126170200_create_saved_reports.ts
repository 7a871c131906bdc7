import type { Knex } from 'knex'
import { flag, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** Analyses under a name, with their conditions. */
export async function up(knex: Knex) {
  await knex.schema.createTable('saved_reports', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'analysis', 40).notNullable()
    text(t, 'name', 80).notNullable()
    long(t, 'query').notNullable()
    flag(t, 'is_shared')
    flag(t, 'is_pinned')
    instant(t, 'updated_at')
    t.integer('version').notNullable()
    t.unique(['user_id', 'name'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('saved_reports')
