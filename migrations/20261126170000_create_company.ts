import type { Knex } from 'knex'
import { id, instant, text } from '../src/kernel/db/columns.ts'

/** 「我方信息」: one row. Our name is a setting, because it stands on every page. */
export async function up(knex: Knex) {
  await knex.schema.createTable('company', (t) => {
    id(t)
    text(t, 'short_name', 100)
    text(t, 'address', 400)
    text(t, 'postcode', 6)
    for (const phone of ['phone', 'phone2', 'fax']) text(t, phone, 100)
    text(t, 'email', 200)
    text(t, 'website', 400)
    text(t, 'bank', 200)
    text(t, 'bank_account', 80)
    text(t, 'credit_code', 40)
    instant(t, 'updated_at')
    t.integer('version').notNullable()
  })
  await knex('company').insert({ version: 1 })
}

export const down = (knex: Knex) => knex.schema.dropTable('company')
