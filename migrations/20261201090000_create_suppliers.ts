import type { Knex } from 'knex'
import { id, instant, key, long, text } from '../src/kernel/db/columns.ts'
import { createListIndexes } from '../src/kernel/db/list-indexes.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('suppliers', (t) => {
    id(t)
    text(t, 'name', 200).notNullable()
    key(t, 'name_key').unique()
    text(t, 'name_pinyin', 200).notNullable()
    text(t, 'short_name', 100)
    text(t, 'code', 80).notNullable()
    key(t, 'code_key').unique()
    for (const phone of ['phone', 'fax']) text(t, phone, 100)
    text(t, 'email', 200)
    text(t, 'postcode', 6)
    text(t, 'address', 400)
    text(t, 'bank', 200)
    text(t, 'bank_account', 80)
    long(t, 'goods')
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    instant(t, 'deleted_at').index()
    t.integer('version').notNullable()
  })
  const sorts = ['short_name', 'code', 'phone', 'updated_at']
  await createListIndexes(knex, { table: 'suppliers', isBinned: true, order: 'name_pinyin', sorts })
}

export const down = (knex: Knex) => knex.schema.dropTable('suppliers')
