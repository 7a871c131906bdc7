import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'
import { createListIndexes, dropListIndexes } from '../src/kernel/db/list-indexes.ts'

const list = { table: 'mail_templates', order: 'name_pinyin', sorts: ['subject', 'updated_at'], choices: ['user_id'] }

/** A declared module keeps the pinyin of its titles, and its list has its indexes: that of the author leads one of them. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('mail_templates', (t) => {
    text(t, 'name_pinyin', 200).notNullable().defaultTo('')
    t.dropIndex('user_id')
  })
  await createListIndexes(knex, list)
}

export async function down(knex: Knex) {
  await dropListIndexes(knex, list)
  await dropColumns(knex, 'mail_templates', ['name_pinyin'])
  await knex.schema.alterTable('mail_templates', (t) => t.index('user_id'))
}
