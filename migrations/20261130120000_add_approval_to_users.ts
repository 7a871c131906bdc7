import type { Knex } from 'knex'
import { dropColumns, flag } from '../src/kernel/db/columns.ts'

/** An account whose password was set by one who may not give roles waits at its first sign-in for an approval. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('users', (t) => void flag(t, 'is_approval_due').defaultTo(false))
}

export const down = (knex: Knex) => dropColumns(knex, 'users', ['is_approval_due'])
