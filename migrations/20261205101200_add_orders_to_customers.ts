import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'
import { createIndex, dropIndex } from '../src/kernel/db/list-indexes.ts'

const widths = { main_name_pinyin: 200, main_mobile: 100, first_tag_pinyin: 200 }
const indexOf = (column: string) => ({
  table: 'customers',
  name: `customers_by_${column}`,
  columns: ['deleted_at', column],
  included: [],
})

/** Customers are sorted by their main contacts and tags too. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('customers', (t) => {
    for (const [name, width] of Object.entries(widths)) text(t, name, width)
  })
  for (const name of Object.keys(widths)) await createIndex(knex, indexOf(name))
}

export async function down(knex: Knex) {
  for (const name of Object.keys(widths)) await dropIndex(knex, indexOf(name))
  await dropColumns(knex, 'customers', Object.keys(widths))
}
