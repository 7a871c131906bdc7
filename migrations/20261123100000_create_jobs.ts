import type { Knex } from 'knex'
import { flag, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('jobs', (t) => {
    id(t)
    text(t, 'kind', 40).notNullable()
    text(t, 'title', 300).notNullable()
    text(t, 'state', 20).notNullable()
    long(t, 'payload').notNullable()
    t.integer('done_count').notNullable()
    t.integer('total_count')
    long(t, 'outcome')
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'address', 60)
    instant(t, 'created_at').notNullable()
    instant(t, 'started_at')
    instant(t, 'finished_at')
    text(t, 'leased_by', 60)
    instant(t, 'lease_until_at')
    flag(t, 'is_cancel_asked')
    t.index(['state', 'lease_until_at'])
    t.index(['user_id', 'state'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('jobs')
