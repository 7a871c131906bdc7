import type { Knex } from 'knex'
import { id, instant, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('tags', (t) => {
    id(t)
    text(t, 'name', 40).notNullable()
    text(t, 'name_key', 120).notNullable().unique()
    text(t, 'name_pinyin', 200).notNullable().index()
    text(t, 'tone', 20)
    instant(t, 'updated_at')
    t.integer('version').notNullable()
  })
  await knex.schema.createTable('customer_tags', (t) => {
    ref(t, 'customer_id', 'customers').notNullable()
    ref(t, 'tag_id', 'tags').notNullable()
    t.primary(['customer_id', 'tag_id'])
    t.index(['tag_id', 'customer_id'])
  })
}

export async function down(knex: Knex) {
  for (const table of ['customer_tags', 'tags']) await knex.schema.dropTable(table)
}
