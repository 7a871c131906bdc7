import type { Knex } from 'knex'
import { id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** Sessions get a number to be ended by, and keep what waits for their owner; those that run end with the update. */
export async function up(knex: Knex) {
  await knex.schema.dropTable('sessions')
  await knex.schema.createTable('sessions', (t) => {
    id(t)
    text(t, 'token_hash', 64).notNullable().unique()
    // The names of the first table's keys are taken in the history of the schema.
    ref(t, 'user_id', 'users').withKeyName('sessions_owner_foreign').notNullable().index('sessions_owner_index')
    ref(t, 'device_id', 'devices').index()
    instant(t, 'created_at').notNullable().index()
    instant(t, 'seen_at').notNullable().index()
    text(t, 'address', 60)
    text(t, 'agent', 300)
    long(t, 'flash')
    long(t, 'kept')
    long(t, 'shown_once')
  })
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('sessions')
  await knex.schema.createTable('sessions', (t) => {
    text(t, 'token_hash', 64).primary()
    ref(t, 'user_id', 'users').notNullable().index()
    instant(t, 'created_at').notNullable()
    instant(t, 'seen_at').notNullable()
    text(t, 'address', 60)
    text(t, 'agent', 300)
    long(t, 'flash')
  })
}
