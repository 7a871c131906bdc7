import type { Knex } from 'knex'
import { flag, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** What was done to many records at once, and which of them it changed: for a day it can be taken back. */
export async function up(knex: Knex) {
  await knex.schema.createTable('batch_acts', (t) => {
    id(t)
    t.integer('selection_id').notNullable().unique()
    ref(t, 'user_id', 'users').notNullable()
    text(t, 'list', 40).notNullable()
    text(t, 'label', 400).notNullable()
    long(t, 'change').notNullable()
    text(t, 'permission', 60).notNullable()
    text(t, 'state', 10).notNullable()
    t.integer('job_id')
    t.integer('changed_count').notNullable()
    t.integer('undone_count').notNullable()
    instant(t, 'acted_at').notNullable().index()
  })
  await knex.schema.createTable('batch_act_rows', (t) => {
    ref(t, 'act_id', 'batch_acts').notNullable()
    t.integer('record_id').notNullable()
    t.integer('record_version').notNullable()
    flag(t, 'is_kept')
    t.primary(['act_id', 'record_id'])
  })
}

export async function down(knex: Knex) {
  for (const table of ['batch_act_rows', 'batch_acts']) await knex.schema.dropTable(table)
}
