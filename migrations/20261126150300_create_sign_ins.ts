import type { Knex } from 'knex'
import { id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** Who stands between the password and the session, failures by sender, and the passwords of before. */
export async function up(knex: Knex) {
  await knex.schema.createTable('sign_ins', (t) => {
    text(t, 'token_hash', 64).primary()
    ref(t, 'user_id', 'users').notNullable().index()
    ref(t, 'device_id', 'devices').index()
    text(t, 'step', 20).notNullable()
    text(t, 'destination', 2000)
    long(t, 'kept')
    instant(t, 'created_at').notNullable().index()
  })
  await knex.schema.createTable('sender_failures', (t) => {
    id(t)
    text(t, 'sender', 60).notNullable().unique()
    t.integer('failures').notNullable()
    instant(t, 'failed_at').notNullable().index()
    instant(t, 'locked_until_at').index()
  })
  await knex.schema.createTable('old_passwords', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'password_hash', 300).notNullable()
    instant(t, 'replaced_at').notNullable()
    t.index(['user_id', 'id'])
  })
}

export async function down(knex: Knex) {
  for (const table of ['old_passwords', 'sender_failures', 'sign_ins']) await knex.schema.dropTable(table)
}
