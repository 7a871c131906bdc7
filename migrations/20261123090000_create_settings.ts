import type { Knex } from 'knex'
import { long, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('settings', (t) => {
    text(t, 'name', 80).primary()
    long(t, 'value')
  })
  await knex.schema.createTable('numbers', (t) => {
    text(t, 'kind', 80).primary()
    t.integer('next').notNullable()
  })
  await knex.schema.createTable('revisions', (t) => {
    text(t, 'name', 40).primary()
    t.integer('number').notNullable()
  })
}

export async function down(knex: Knex) {
  for (const table of ['revisions', 'numbers', 'settings']) await knex.schema.dropTable(table)
}
