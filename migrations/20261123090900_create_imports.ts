import type { Knex } from 'knex'
import { flag, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

const counts = ['right', 'wrong', 'existing', 'taken', 'changed', 'skipped', 'undone']

export async function up(knex: Knex) {
  await knex.schema.createTable('imports', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable().index()
    text(t, 'kind', 20).notNullable()
    text(t, 'file_name', 400).notNullable()
    text(t, 'stored_name', 80)
    text(t, 'state', 20).notNullable()
    text(t, 'failure', 400)
    t.integer('job_id')
    for (const name of ['columns', 'unknown_values', 'evidence']) long(t, name).notNullable()
    text(t, 'existing_choice', 20).notNullable()
    for (const count of [...counts.map((name) => `rows_${name}`), 'next_row']) t.integer(count).notNullable()
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
  })
  await knex.schema.createTable('import_errors', (t) => {
    id(t)
    ref(t, 'import_id', 'imports').notNullable()
    t.integer('row_number').notNullable()
    text(t, 'record_name', 200)
    text(t, 'reason', 2000).notNullable()
    t.unique(['import_id', 'row_number'])
  })
  await knex.schema.createTable('import_rows', (t) => {
    id(t)
    ref(t, 'import_id', 'imports').notNullable()
    text(t, 'record_type', 20).notNullable()
    t.integer('record_id').notNullable()
    text(t, 'action', 10).notNullable()
    t.integer('base_version').notNullable()
    t.integer('version').notNullable()
    flag(t, 'is_kept')
    t.index(['import_id', 'record_type', 'record_id'])
    t.index(['import_id', 'is_kept', 'record_type', 'action'])
  })
  await knex.schema.createTable('import_mappings', (t) => {
    id(t)
    text(t, 'kind', 20).notNullable()
    text(t, 'heading_key', 100).notNullable()
    text(t, 'target', 60)
    t.unique(['kind', 'heading_key'])
  })
}

export async function down(knex: Knex) {
  for (const table of ['import_mappings', 'import_rows', 'import_errors', 'imports']) await knex.schema.dropTable(table)
}
