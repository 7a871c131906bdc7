import type { Knex } from 'knex'
import { text } from '../src/kernel/db/columns.ts'

export const up = (knex: Knex) => knex.schema.dropTable('customer_tallies')

export const down = (knex: Knex) =>
  knex.schema.createTable('customer_tallies', (t) => {
    text(t, 'name', 80).primary()
    t.integer('customer_count').notNullable()
  })
