import type { Knex } from 'knex'
import { flag, id, instant, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('dictionary_entries', (t) => {
    id(t)
    text(t, 'dictionary', 60).notNullable()
    text(t, 'label', 120).notNullable()
    text(t, 'label_key', 120).notNullable()
    text(t, 'code', 40)
    text(t, 'tone', 20)
    t.integer('position').notNullable()
    flag(t, 'is_default')
    flag(t, 'is_active')
    instant(t, 'updated_at')
    t.integer('version').notNullable()
    t.unique(['dictionary', 'label_key'])
  })
  await knex.schema.createTable('administrative_divisions', (t) => {
    text(t, 'code', 6).primary()
    text(t, 'name', 80).notNullable()
    text(t, 'parent_code', 6).index()
    t.integer('level').notNullable()
    flag(t, 'is_active')
  })
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('administrative_divisions')
  await knex.schema.dropTable('dictionary_entries')
}
