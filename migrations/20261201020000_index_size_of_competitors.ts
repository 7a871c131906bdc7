import type { Knex } from 'knex'

/** The list is sorted by it. */
export const up = (knex: Knex) => knex.schema.alterTable('competitors', (t) => t.index(['size']))

export const down = (knex: Knex) => knex.schema.alterTable('competitors', (t) => t.dropIndex(['size']))
