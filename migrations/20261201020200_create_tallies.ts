import type { Knex } from 'knex'
import { text } from '../src/kernel/db/columns.ts'

/** How many living records have a value, of any module; what was counted of customers stands there too (the next file). */
export const up = (knex: Knex) =>
  knex.schema.createTable('tallies', (t) => {
    text(t, 'module', 60).notNullable()
    text(t, 'name', 100).notNullable()
    t.integer('row_count').notNullable()
    t.primary(['module', 'name'])
  })

export const down = (knex: Knex) => knex.schema.dropTable('tallies')
