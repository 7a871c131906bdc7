import type { Knex } from 'knex'
import { createListIndexes, dropListIndexes } from '../src/kernel/db/list-indexes.ts'

const list = { table: 'mail_templates', order: 'name_pinyin', sorts: ['subject', 'updated_at'] }

/** Each index of the list of templates says which are shared, and one leads to them. */
export async function up(knex: Knex) {
  await dropListIndexes(knex, { ...list, choices: ['user_id'] })
  await createListIndexes(knex, { ...list, choices: ['user_id', 'is_shared'] })
}

export async function down(knex: Knex) {
  await dropListIndexes(knex, { ...list, choices: ['user_id', 'is_shared'] })
  await createListIndexes(knex, { ...list, choices: ['user_id'] })
}
