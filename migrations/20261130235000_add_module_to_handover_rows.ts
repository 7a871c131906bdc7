import type { Knex } from 'knex'
import { text } from '../src/kernel/db/columns.ts'

/** What moves with a hand-over is no longer customers alone: each row says of which module it is. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('handover_rows', (t) => t.renameColumn('customer_id', 'record_id'))
  await knex.schema.alterTable('handover_rows', (t) => {
    text(t, 'module', 80).notNullable().defaultTo('customers')
  })
}

/** What is no customer has no place there any more. */
export async function down(knex: Knex) {
  await knex('handover_rows').whereNot('module', 'customers').delete()
  await knex.schema.alterTable('handover_rows', (t) => t.dropColumn('module'))
  await knex.schema.alterTable('handover_rows', (t) => t.renameColumn('record_id', 'customer_id'))
}
