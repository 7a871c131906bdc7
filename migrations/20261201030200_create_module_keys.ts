import type { Knex } from 'knex'
import { id, key, text } from '../src/kernel/db/columns.ts'

/** What likely duplicates of declared modules are found by (kernel/modules/alike-keys.ts), of those in the recycle bin too. */
export async function up(knex: Knex) {
  await knex.schema.createTable('module_keys', (t) => {
    id(t)
    text(t, 'module', 40).notNullable()
    t.integer('rule').notNullable()
    key(t, 'value_key')
    t.integer('record_id').notNullable()
    t.index(['module', 'rule', 'value_key', 'record_id'])
    t.index(['module', 'record_id'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('module_keys')
