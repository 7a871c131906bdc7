import type { Knex } from 'knex'
import { flag, id, instant, ref, text } from '../src/kernel/db/columns.ts'

/** From where a person may sign in: browsers an administrator has approved, and addresses. */
export async function up(knex: Knex) {
  await knex.schema.createTable('user_access', (t) => {
    ref(t, 'user_id', 'users').primary()
    flag(t, 'is_device_bound')
    text(t, 'allowed_addresses', 2000)
    instant(t, 'updated_at')
    t.integer('version').notNullable()
  })
  await knex.schema.createTable('devices', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'token_mark', 64).notNullable()
    text(t, 'agent', 300)
    text(t, 'address', 60)
    text(t, 'status', 20).notNullable()
    instant(t, 'created_at').notNullable().index()
    instant(t, 'seen_at').notNullable().index()
    instant(t, 'decided_at')
    ref(t, 'decided_by_id', 'users').index()
    t.unique(['user_id', 'token_mark'])
    t.index(['status', 'id'])
  })
}

export async function down(knex: Knex) {
  for (const table of ['devices', 'user_access']) await knex.schema.dropTable(table)
}
