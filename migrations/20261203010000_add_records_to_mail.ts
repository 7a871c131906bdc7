import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

const columns = ['record_type', 'record_id', 'recipient_type', 'recipient_id']

/** Mail says by module and id on what record it hangs, and to which it was written, that or one that hangs on it. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('mailings', (t) => {
    for (const name of ['record', 'recipient']) {
      text(t, `${name}_type`, 40)
      t.integer(`${name}_id`)
    }
  })
  await knex.schema.alterTable('mail_messages', (t) => {
    for (const name of ['record', 'recipient']) {
      text(t, `${name}_type`, 40).notNullable().defaultTo('')
      t.integer(`${name}_id`).notNullable().defaultTo(0)
    }
  })
}

export async function down(knex: Knex) {
  for (const table of ['mail_messages', 'mailings']) await dropColumns(knex, table, columns)
}
