import type { Knex } from 'knex'
import { flag, id, long, ref, text } from '../src/kernel/db/columns.ts'

/** Lines and papers of modules that rows define (kernel/modules/own.ts); the table of lines is `own_lines_<id>`. */
export async function up(knex: Knex) {
  await knex.schema.createTable('own_lines', (t) => {
    id(t)
    ref(t, 'module_id', 'own_modules').notNullable().index()
    text(t, 'label', 40).notNullable()
    t.integer('position').notNullable()
    t.integer('most').notNullable()
  })
  await knex.schema.createTable('own_line_fields', (t) => {
    id(t)
    ref(t, 'lines_id', 'own_lines').notNullable().index()
    text(t, 'column_name', 30).notNullable()
    text(t, 'label', 40).notNullable()
    text(t, 'type', 20).notNullable()
    t.integer('position').notNullable()
    t.integer('max_length')
    text(t, 'dictionary', 40)
    text(t, 'target', 40)
    t.integer('places')
    text(t, 'unit', 20)
    text(t, 'least', 30)
    text(t, 'greatest', 30)
    flag(t, 'is_required')
    flag(t, 'is_summed')
    text(t, 'sum_column', 30)
  })
  await knex.schema.createTable('own_papers', (t) => {
    id(t)
    ref(t, 'module_id', 'own_modules').notNullable().index()
    text(t, 'name', 40).notNullable()
    text(t, 'label', 40).notNullable()
    t.integer('position').notNullable()
    long(t, 'columns')
    flag(t, 'has_lines')
    text(t, 'sentence', 200)
    text(t, 'people', 200)
  })
}

export async function down(knex: Knex) {
  for (const table of ['own_papers', 'own_line_fields', 'own_lines']) await knex.schema.dropTable(table)
}
