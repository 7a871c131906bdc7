import type { Knex } from 'knex'
import { ref, text } from '../src/kernel/db/columns.ts'

/** What duplicates are found by (src/customers/duplicates/customer-keys.ts), of customers in the recycle bin too. */
export async function up(knex: Knex) {
  await knex.schema.createTable('customer_keys', (t) => {
    text(t, 'kind', 10).notNullable()
    text(t, 'value_key', 220).notNullable()
    ref(t, 'customer_id', 'customers').notNullable().index()
    t.primary(['kind', 'value_key', 'customer_id'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('customer_keys')
