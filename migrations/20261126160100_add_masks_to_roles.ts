import type { Knex } from 'knex'
import { dropColumns, instant, ref, text } from '../src/kernel/db/columns.ts'

/** All the roles that there could be so far. */
const names = { administrator: '超级管理员', user: '普通用户' }

/** What a role must not see whole, and what a role needs to be kept like any other record. */
export async function up(knex: Knex) {
  await knex.schema.createTable('role_masks', (t) => {
    ref(t, 'role_id', 'roles').notNullable()
    text(t, 'field_group', 20).notNullable()
    t.primary(['role_id', 'field_group'])
  })
  await knex.schema.alterTable('roles', (t) => {
    text(t, 'name_key', 200)
    text(t, 'note', 400)
    instant(t, 'updated_at')
    t.integer('version').notNullable().defaultTo(1)
  })
  for (const [code, name_key] of Object.entries(names)) await knex('roles').where({ code }).update({ name_key })
  await knex.schema.alterTable('roles', (t) => t.unique(['name_key']))
}

export async function down(knex: Knex) {
  await knex.schema.alterTable('roles', (t) => t.dropUnique(['name_key']))
  await dropColumns(knex, 'roles', ['name_key', 'note', 'updated_at', 'version'])
  await knex.schema.dropTable('role_masks')
}
