import type { Knex } from 'knex'
import { day, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'
import { createListIndexes } from '../src/kernel/db/list-indexes.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('todos', (t) => {
    id(t)
    text(t, 'subject', 400).notNullable()
    text(t, 'subject_pinyin', 800).notNullable()
    instant(t, 'due_at').notNullable()
    ref(t, 'owner_id', 'users').notNullable()
    ref(t, 'giver_id', 'users').notNullable()
    text(t, 'priority', 20).notNullable()
    text(t, 'state', 20).notNullable()
    ref(t, 'customer_id', 'customers')
    long(t, 'notes')
    text(t, 'repeat_rule', 20)
    day(t, 'repeat_until_on')
    t.integer('repeat_count')
    text(t, 'repeat_off_days', 20)
    day(t, 'repeat_from_on')
    t.integer('repeat_place').notNullable().defaultTo(0)
    ref(t, 'previous_id', 'todos').index()
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    instant(t, 'deleted_at').index()
    t.integer('version').notNullable()
  })
  await createListIndexes(knex, {
    table: 'todos',
    isBinned: true,
    order: 'subject_pinyin',
    sorts: ['updated_at', 'due_at'],
    choices: ['owner_id', 'giver_id', 'priority', 'state', 'customer_id'],
    spans: ['due_at'],
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('todos')
