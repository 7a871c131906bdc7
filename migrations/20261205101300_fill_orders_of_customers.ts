import type { Knex } from 'knex'
import { keepOrders } from '../src/customers/customers/kept-orders.ts'

const batch = 500

/** What customers are sorted by follows from the contacts and tags they have. */
export async function up(knex: Knex) {
  for (let last = 0; ; ) {
    const ids: number[] = await knex('customers').where('id', '>', last).orderBy('id').limit(batch).pluck('id')
    const end = ids.at(-1)
    if (end === undefined) return
    await keepOrders(knex, ids)
    last = end
  }
}

/** The columns go with the migration that made them. */
export async function down() {}
