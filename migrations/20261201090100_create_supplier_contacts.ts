import type { Knex } from 'knex'
import { id, instant, long, ref, text } from '../src/kernel/db/columns.ts'
import { createListIndexes } from '../src/kernel/db/list-indexes.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('supplier_contacts', (t) => {
    id(t)
    ref(t, 'supplier_id', 'suppliers').notNullable().index()
    text(t, 'name', 100).notNullable()
    text(t, 'name_pinyin', 200).notNullable()
    text(t, 'position', 100)
    for (const phone of ['mobile', 'phone']) text(t, phone, 100)
    text(t, 'email', 200)
    long(t, 'notes')
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    instant(t, 'deleted_at').index()
    t.integer('version').notNullable()
  })
  const sorts = ['position', 'mobile', 'phone', 'email', 'updated_at']
  await createListIndexes(knex, { table: 'supplier_contacts', isBinned: true, order: 'name_pinyin', sorts })
}

export const down = (knex: Knex) => knex.schema.dropTable('supplier_contacts')
