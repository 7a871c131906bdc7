import type { Knex } from 'knex'
import { flag, id, instant, long, ref, text } from '../src/kernel/db/columns.ts'

/** Who handed what to whom: what was asked for, and the customers as they were called when they moved. */
export async function up(knex: Knex) {
  await knex.schema.createTable('handovers', (t) => {
    id(t)
    ref(t, 'user_id', 'users').notNullable().index()
    ref(t, 'actor_id', 'users').notNullable()
    ref(t, 'superior_id', 'users')
    flag(t, 'is_leaving')
    text(t, 'reason', 400).notNullable()
    long(t, 'shares').notNullable()
    long(t, 'others').notNullable()
    t.integer('total_count').notNullable()
    t.integer('moved_count').notNullable()
    ref(t, 'job_id', 'jobs')
    instant(t, 'created_at').notNullable()
    instant(t, 'finished_at')
  })
  await knex.schema.createTable('handover_rows', (t) => {
    id(t)
    ref(t, 'handover_id', 'handovers').notNullable()
    t.integer('customer_id').notNullable()
    text(t, 'code', 80).notNullable()
    text(t, 'name', 200).notNullable()
    ref(t, 'receiver_id', 'users').notNullable()
    flag(t, 'is_binned')
    t.index(['handover_id', 'receiver_id'])
    t.index(['receiver_id', 'handover_id'])
  })
}

export async function down(knex: Knex) {
  for (const table of ['handover_rows', 'handovers']) await knex.schema.dropTable(table)
}
