import type { Knex } from 'knex'
import { id, instant, long, ref, text } from '../src/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('imports', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable().index()
    text(t, 'file_name', 400).notNullable()
    text(t, 'stored_name', 80)
    text(t, 'state', 20).notNullable()
    text(t, 'failure', 400)
    long(t, 'unknown_headings').notNullable()
    for (const count of ['rows_right', 'rows_wrong', 'rows_taken', 'next_row']) t.integer(count).notNullable()
    instant(t, 'beat_at')
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
  })
  await knex.schema.createTable('import_errors', (t) => {
    id(t)
    ref(t, 'import_id', 'imports').notNullable()
    t.integer('row_number').notNullable()
    text(t, 'customer_name', 200)
    text(t, 'reason', 2000).notNullable()
    t.unique(['import_id', 'row_number'])
  })
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('import_errors')
  await knex.schema.dropTable('imports')
}
