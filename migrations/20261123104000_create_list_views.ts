import type { Knex } from 'knex'
import { flag, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** Lists as people keep them, and what they have selected in one. */
export async function up(knex: Knex) {
  await knex.schema.createTable('list_preferences', (t) => {
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'list', 40).notNullable()
    text(t, 'columns', 2000)
    text(t, 'sort', 60)
    t.integer('per')
    t.primary(['user_id', 'list'])
  })
  await knex.schema.createTable('list_views', (t) => {
    id(t)
    text(t, 'list', 40).notNullable()
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'name', 80).notNullable()
    flag(t, 'is_shared')
    long(t, 'query').notNullable()
    instant(t, 'updated_at')
    t.integer('version').notNullable()
    t.unique(['list', 'user_id', 'name'])
  })
  await knex.schema.createTable('selections', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'list', 40).notNullable()
    long(t, 'query').notNullable()
    flag(t, 'is_whole')
    t.integer('row_count').notNullable()
    instant(t, 'created_at').notNullable().index()
  })
  await knex.schema.createTable('selection_rows', (t) => {
    ref(t, 'selection_id', 'selections').notNullable()
    t.integer('record_id').notNullable()
    t.integer('record_version').notNullable()
    t.primary(['selection_id', 'record_id'])
  })
}

export async function down(knex: Knex) {
  for (const table of ['selection_rows', 'selections', 'list_views', 'list_preferences'])
    await knex.schema.dropTable(table)
}
