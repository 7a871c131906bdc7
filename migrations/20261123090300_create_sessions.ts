import type { Knex } from 'knex'
import { instant, long, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('sessions', (t) => {
    text(t, 'token_hash', 64).primary()
    ref(t, 'user_id', 'users').notNullable().index()
    instant(t, 'created_at').notNullable()
    instant(t, 'seen_at').notNullable()
    text(t, 'address', 60)
    text(t, 'agent', 300)
    long(t, 'flash')
  })
  await knex.schema.createTable('submissions', (t) => {
    text(t, 'form_id', 64).primary()
    text(t, 'location', 300).notNullable()
    instant(t, 'created_at').notNullable().index()
  })
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('submissions')
  await knex.schema.dropTable('sessions')
}
