import type { Knex } from 'knex'
import { id, instant, long, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('competitors', (t) => {
    id(t)
    text(t, 'name', 200).notNullable()
    text(t, 'name_key', 240).notNullable().unique()
    text(t, 'name_pinyin', 200).notNullable().index()
    text(t, 'size', 200)
    for (const name of ['products', 'prices', 'strengths', 'weaknesses', 'notes']) long(t, name)
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable().index()
    t.integer('version').notNullable()
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('competitors')
