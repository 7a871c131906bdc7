import type { Knex } from 'knex'
import { id, instant, ref, text } from '../src/kernel/db/columns.ts'

export async function up(knex: Knex) {
  await knex.schema.createTable('files', (t) => {
    id(t)
    text(t, 'record_type', 40).notNullable()
    t.integer('record_id').notNullable()
    text(t, 'kind', 20).notNullable()
    text(t, 'name', 400).notNullable()
    text(t, 'content_type', 100).notNullable()
    t.integer('size_bytes').notNullable()
    text(t, 'sha256', 64).notNullable()
    text(t, 'storage_name', 40).notNullable().unique()
    t.integer('width')
    t.integer('height')
    ref(t, 'user_id', 'users').notNullable().index()
    instant(t, 'created_at').notNullable()
    instant(t, 'deleted_at')
    instant(t, 'purged_at')
    t.integer('version').notNullable()
    t.index(['record_type', 'record_id'])
    t.index(['purged_at'])
  })
}

export const down = (knex: Knex) => knex.schema.dropTable('files')
