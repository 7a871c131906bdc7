import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** Rows of which only the telephone number is known get a choice of their own; imports that are stopped keep the one they had. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('imports', (t) => void text(t, 'phone_choice', 20).notNullable().defaultTo('skip'))
  await knex('imports').update({ phone_choice: knex.ref('existing_choice') })
}

export const down = (knex: Knex) => dropColumns(knex, 'imports', ['phone_choice'])
