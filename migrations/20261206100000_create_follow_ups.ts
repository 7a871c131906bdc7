import type { Knex } from 'knex'
import { day, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'
import { createListIndexes } from '../src/kernel/db/list-indexes.ts'
import { createTextIndex, dropTextIndex } from '../src/kernel/db/text-index.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('follow_ups', (t) => {
    id(t)
    ref(t, 'customer_id', 'customers').notNullable()
    ref(t, 'contact_id', 'contacts').index()
    for (const name of ['method_id', 'result_id']) ref(t, name, 'dictionary_entries')
    instant(t, 'contacted_at').notNullable()
    text(t, 'subject', 200).notNullable()
    text(t, 'subject_pinyin', 200).notNullable()
    long(t, 'content').notNullable()
    day(t, 'next_contact_on')
    text(t, 'next_content', 400)
    ref(t, 'user_id', 'users').notNullable()
    for (const name of ['created_at', 'updated_at']) instant(t, name).notNullable()
    instant(t, 'deleted_at').index()
    t.integer('version').notNullable()
  })
  await createListIndexes(knex, {
    table: 'follow_ups',
    isBinned: true,
    order: 'contacted_at',
    sorts: ['updated_at', 'subject_pinyin'],
    choices: ['customer_id', 'method_id', 'result_id', 'user_id'],
    spans: ['contacted_at', 'next_contact_on'],
  })
  await createTextIndex(knex, 'follow_ups')
}

export async function down(knex: Knex) {
  await dropTextIndex(knex, 'follow_ups')
  await knex.schema.dropTable('follow_ups')
}
