import type { Knex } from 'knex'

const phones = { customers: ['phone'], contacts: ['mobile', 'office_phone'] }

/** The lists are sorted by them. */
export async function up(knex: Knex) {
  for (const [table, columns] of Object.entries(phones))
    for (const column of columns) await knex.schema.alterTable(table, (t) => t.index(['deleted_at', column]))
}

export async function down(knex: Knex) {
  for (const [table, columns] of Object.entries(phones))
    for (const column of columns) await knex.schema.alterTable(table, (t) => t.dropIndex(['deleted_at', column]))
}
