import type { Knex } from 'knex'
import { day, flag, id, instant, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('departments', (t) => {
    id(t)
    text(t, 'name', 120).notNullable()
    ref(t, 'parent_id', 'departments').index()
  })
  await knex.schema.createTable('users', (t) => {
    id(t)
    text(t, 'username', 60).notNullable()
    text(t, 'username_key', 60).notNullable().unique()
    text(t, 'password_hash', 300).notNullable()
    flag(t, 'is_factory_password')
    flag(t, 'is_password_due')
    t.integer('failures').notNullable()
    instant(t, 'locked_until_at')
    text(t, 'name', 100).notNullable()
    text(t, 'name_pinyin', 200).notNullable().index()
    text(t, 'number', 20)
    text(t, 'sex', 10)
    ref(t, 'department_id', 'departments').index()
    text(t, 'position', 100)
    text(t, 'mobile', 60)
    text(t, 'extension', 20)
    text(t, 'email', 200)
    day(t, 'joined_on')
    text(t, 'status', 20).notNullable()
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    t.integer('version').notNullable()
  })
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('users')
  await knex.schema.dropTable('departments')
}
