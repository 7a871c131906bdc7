import type { Knex } from 'knex'

/** Which entry took the records of one that is gone (src/platform/dictionaries/moves.ts). */
export async function up(knex: Knex) {
  await knex.schema.createTable('entry_moves', (t) => {
    t.integer('from_id').notNullable().primary()
    t.integer('to_id').notNullable().index()
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('entry_moves')
