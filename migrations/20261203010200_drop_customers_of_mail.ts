import type { Knex } from 'knex'
import { addRef, dropRefs } from '../src/kernel/db/columns.ts'

const tables = ['mailings', 'mail_messages']
const former = [
  ['customer_id', 'customers'],
  ['contact_id', 'contacts'],
] as const
const indexes = [
  ['record_type', 'record_id'],
  ['recipient_type', 'recipient_id'],
]

/** Customers and contacts are records like others there. */
export async function up(knex: Knex) {
  for (const table of tables) {
    await knex.schema.alterTable(table, (t) => {
      for (const [name] of former) t.dropIndex([name])
    })
    await dropRefs(
      knex,
      table,
      former.map(([name]) => name),
    )
    await knex.schema.alterTable(table, (t) => {
      for (const columns of indexes) t.index(columns)
    })
  }
}

export async function down(knex: Knex) {
  for (const table of tables) {
    await knex.schema.alterTable(table, (t) => {
      for (const columns of indexes) t.dropIndex(columns)
    })
    for (const [name, to] of former) await addRef(knex, table, name, to)
    await knex.schema.alterTable(table, (t) => {
      for (const [name] of former) t.index([name])
    })
  }
}
