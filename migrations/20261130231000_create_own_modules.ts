import type { Knex } from 'knex'
import { flag, id, instant, key, long, ref, text } from '../src/kernel/db/columns.ts'

/** Modules that rows define (kernel/modules/own.ts); the table of one is `own_<id>`. */
export async function up(knex: Knex) {
  await knex.schema.createTable('own_modules', (t) => {
    id(t)
    text(t, 'slug', 40).notNullable()
    key(t, 'slug_key').unique()
    text(t, 'label', 40).notNullable()
    text(t, 'menu_group', 20).notNullable()
    text(t, 'title_column', 30).notNullable()
    text(t, 'ownership', 10).notNullable()
    long(t, 'acts').notNullable()
    flag(t, 'has_bin')
    flag(t, 'is_active')
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    t.integer('version').notNullable()
  })
  await knex.schema.createTable('own_fields', (t) => {
    id(t)
    ref(t, 'module_id', 'own_modules').notNullable().index()
    text(t, 'column_name', 30).notNullable()
    text(t, 'label', 40).notNullable()
    text(t, 'type', 20).notNullable()
    t.integer('position').notNullable()
    t.integer('max_length')
    text(t, 'dictionary', 40)
    text(t, 'mask', 20)
    flag(t, 'is_required')
    flag(t, 'is_unique')
    flag(t, 'is_filter')
    flag(t, 'is_listed')
    flag(t, 'is_searched')
  })
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('own_fields')
  await knex.schema.dropTable('own_modules')
}
