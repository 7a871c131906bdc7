import type { Knex } from 'knex'
import { instant } from '../src/kernel/db/columns.ts'

/** Pairs of customers that somebody said are not the same; the smaller id first. Ids of customers are never used twice. */
export async function up(knex: Knex) {
  await knex.schema.createTable('duplicate_dismissals', (t) => {
    t.integer('customer_id').notNullable()
    t.integer('other_id').notNullable()
    t.integer('user_id').notNullable()
    instant(t, 'dismissed_at').notNullable()
    t.primary(['customer_id', 'other_id'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('duplicate_dismissals')
