import type { Knex } from 'knex'

/** The list of mail is narrowed to days. */
export const up = (knex: Knex) => knex.schema.alterTable('mail_messages', (t) => t.index(['created_at']))

export const down = (knex: Knex) => knex.schema.alterTable('mail_messages', (t) => t.dropIndex(['created_at']))
