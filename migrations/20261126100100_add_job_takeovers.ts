import type { Knex } from 'knex'

/** How often a job was taken over without having come further since: what kills its server each time must end. */
export const up = (knex: Knex) =>
  knex.schema.alterTable('jobs', (t) => {
    t.integer('takeover_count').notNullable().defaultTo(0)
  })

export const down = (knex: Knex) => knex.schema.alterTable('jobs', (t) => t.dropColumn('takeover_count'))
