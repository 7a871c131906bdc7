import type { Knex } from 'knex'
import { id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('events', (t) => {
    id(t)
    instant(t, 'occurred_at').notNullable().index()
    ref(t, 'user_id', 'users')
    text(t, 'user_name', 100)
    text(t, 'address', 60)
    text(t, 'action', 60).notNullable()
    text(t, 'record_type', 60)
    t.integer('record_id')
    t.integer('record_version')
    text(t, 'record_name', 400)
    long(t, 'changes')
    t.index(['record_type', 'record_id'])
    t.index(['user_id'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('events')
