import type { Knex } from 'knex'
import { dropColumns, id, instant, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('second_factors', (t) => {
    ref(t, 'user_id', 'users').primary()
    text(t, 'sealed_secret', 300).notNullable()
    t.integer('last_step').notNullable()
    t.integer('failures').notNullable()
    instant(t, 'locked_until_at')
    instant(t, 'created_at').notNullable()
  })
  await knex.schema.createTable('recovery_codes', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'code_mark', 64).notNullable()
    instant(t, 'used_at')
    t.unique(['user_id', 'code_mark'])
  })
  await knex.schema.alterTable('roles', (t) => {
    t.boolean('is_second_factor_required').notNullable().defaultTo(false)
  })
}

export async function down(knex: Knex) {
  await dropColumns(knex, 'roles', ['is_second_factor_required'])
  for (const table of ['recovery_codes', 'second_factors']) await knex.schema.dropTable(table)
}
