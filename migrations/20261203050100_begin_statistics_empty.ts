import type { Knex } from 'knex'

const dictionaries = ['customer-types', 'ownerships', 'credit-ratings']

/** What nobody chose must not be counted: presets of these that stand as they were installed are taken back. */
export const up = (knex: Knex) =>
  knex('dictionary_entries')
    .whereIn('dictionary', dictionaries)
    .where({ is_default: true, version: 1 })
    .update({ is_default: false, version: 2 })

export async function down() {}
