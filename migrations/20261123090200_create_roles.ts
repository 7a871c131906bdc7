import type { Knex } from 'knex'
import { id, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('roles', (t) => {
    id(t)
    text(t, 'code', 40).notNullable().unique()
    text(t, 'name', 100).notNullable()
  })
  await knex.schema.createTable('role_permissions', (t) => {
    ref(t, 'role_id', 'roles').notNullable()
    text(t, 'permission', 80).notNullable()
    t.primary(['role_id', 'permission'])
  })
  await knex.schema.createTable('user_roles', (t) => {
    ref(t, 'user_id', 'users').notNullable()
    ref(t, 'role_id', 'roles').notNullable().index()
    t.primary(['user_id', 'role_id'])
  })
}

export async function down(knex: Knex) {
  for (const table of ['user_roles', 'role_permissions', 'roles']) await knex.schema.dropTable(table)
}
