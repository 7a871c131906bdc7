import type { Knex } from 'knex'
import { instant, text } from '../src/kernel/db/columns.ts'

/** Which keys of the key file (src/kernel/secrets.ts) this database was written with. */
export async function up(knex: Knex) {
  await knex.schema.createTable('secret_keys', (t) => {
    text(t, 'id', 16).primary()
    instant(t, 'created_at').notNullable()
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('secret_keys')
