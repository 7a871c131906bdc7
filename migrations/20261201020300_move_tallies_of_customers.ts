import type { Knex } from 'knex'
import { insertAll } from '../src/kernel/db/dialect.ts'

type Old = { name: string; customer_count: number }

/** What was counted of customers stands among the tallies of all modules. */
export async function up(knex: Knex) {
  const rows: Old[] = await knex('customer_tallies').select('name', 'customer_count')
  const moved = rows.map(({ name, customer_count }) => ({ module: 'customers', name, row_count: customer_count }))
  await insertAll(knex, 'tallies', moved)
  await knex('customer_tallies').delete()
}

export async function down(knex: Knex) {
  const rows: { name: string; row_count: number }[] = await knex('tallies')
    .where({ module: 'customers' })
    .select('name', 'row_count')
  const back: Old[] = rows.map(({ name, row_count }) => ({ name, customer_count: row_count }))
  await insertAll(knex, 'customer_tallies', back)
  await knex('tallies').where({ module: 'customers' }).delete()
}
