import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** What an entry that was carried over a restoration said of people and records the restored data do not have. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('events', (t) => void text(t, 'origin', 200))
}

export const down = (knex: Knex) => dropColumns(knex, 'events', ['origin'])
