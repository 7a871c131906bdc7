import type { Knex } from 'knex'
import { day, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'
import { createListIndexes } from '../src/kernel/db/list-indexes.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('memos', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'subject', 400).notNullable()
    text(t, 'subject_pinyin', 800).notNullable()
    day(t, 'shown_on').notNullable()
    text(t, 'state', 20).notNullable()
    long(t, 'notes')
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    instant(t, 'deleted_at').index()
    t.integer('version').notNullable()
  })
  await createListIndexes(knex, {
    table: 'memos',
    isBinned: true,
    order: 'subject_pinyin',
    sorts: ['updated_at', 'shown_on'],
    choices: ['state', 'user_id'],
    spans: ['shown_on'],
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('memos')
