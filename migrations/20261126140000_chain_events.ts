import type { Knex } from 'knex'
import { id, instant, text } from '../src/kernel/db/columns.ts'

/** What is asked of the log, one index each, so that any filter gives its newest rows without sorting. */
const filters = [
  ['record_type'],
  ['action'],
  ['user_id', 'action'],
  ['user_id', 'record_type'],
  ['record_type', 'action'],
  ['user_id', 'record_type', 'action'],
]

export async function up(knex: Knex) {
  await knex.schema.alterTable('events', (t) => {
    text(t, 'hash', 60)
    for (const columns of filters) t.index(columns)
  })
  await knex.schema.createTable('event_links', (t) => {
    t.integer('sequence').primary()
    t.integer('event_id').notNullable().unique()
    text(t, 'hash', 60).notNullable()
  })
  await knex.schema.createTable('event_chain', (t) => {
    id(t)
    t.integer('adopted_id').notNullable()
    t.integer('seen_id').notNullable()
    t.integer('settled_id').notNullable()
    t.integer('sequence').notNullable()
    text(t, 'hash', 60).notNullable()
    instant(t, 'sealed_at')
  })
  const newest = await knex('events').max({ id: 'id' }).first()
  const beginning = { adopted_id: newest?.id ?? 0, seen_id: 0, settled_id: 0, sequence: 0, hash: '', sealed_at: null }
  await knex('event_chain').insert(beginning)
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('event_chain')
  await knex.schema.dropTable('event_links')
  await knex.schema.alterTable('events', (t) => {
    for (const columns of filters) t.dropIndex(columns)
    t.dropColumn('hash')
  })
}
