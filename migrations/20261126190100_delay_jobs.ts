import type { Knex } from 'knex'
import { dropColumns, instant } from '../src/kernel/db/columns.ts'

/** A job may ask to be gone on with later: mail waits for the next minute, or for a server that is away. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('jobs', (t) => void instant(t, 'not_before_at'))
}

export const down = (knex: Knex) => dropColumns(knex, 'jobs', ['not_before_at'])
