import type { Knex } from 'knex'
import { day, id, instant, long, money, ref, text } from '../src/kernel/db/columns.ts'

const dictionaries = [
  'level',
  'source',
  'type',
  'status',
  'industry',
  'ownership',
  'importance',
  'credit_rating',
  'region',
]
const divisions = ['province_code', 'city_code', 'district_code']
const filters = ['kind', 'owner_id', ...divisions, ...dictionaries.map((name) => `${name}_id`)]

/**
 * One index per sortable column, and one per filter that also holds the default order (by day of registration), so that
 * a filtered list and an analysis by period never read a row they do not show.
 */
export async function up(knex: Knex) {
  await knex.schema.createTable('customers', (t) => {
    id(t)
    text(t, 'code', 80).notNullable().unique()
    text(t, 'name', 200).notNullable()
    text(t, 'short_name', 100)
    text(t, 'name_pinyin', 200).notNullable()
    text(t, 'name_initials', 100).notNullable()
    text(t, 'kind', 10).notNullable()
    text(t, 'legal_representative', 100)
    text(t, 'address', 400)
    text(t, 'postcode', 6)
    for (const phone of ['phone', 'phone2', 'fax', 'mobile']) text(t, phone, 100)
    text(t, 'email', 200)
    text(t, 'website', 400)
    day(t, 'registered_on').notNullable()
    day(t, 'next_contact_on')
    ref(t, 'owner_id', 'users').notNullable()
    for (const name of dictionaries) ref(t, `${name}_id`, 'dictionary_entries')
    for (const name of divisions) text(t, name, 6).references('code').inTable('administrative_divisions')
    text(t, 'bank', 200)
    text(t, 'bank_account', 80)
    text(t, 'credit_code', 40)
    money(t, 'credit_limit_cents')
    t.integer('points')
    long(t, 'notes')
    text(t, 'sex', 10)
    day(t, 'birthday_on')
    text(t, 'occupation', 100)
    text(t, 'identity_number', 40)
    instant(t, 'created_at').notNullable()
    instant(t, 'updated_at').notNullable()
    instant(t, 'deleted_at')
    t.integer('version').notNullable()
    for (const name of ['code', 'name_pinyin', 'registered_on', 'next_contact_on', 'updated_at'])
      t.index(['deleted_at', name])
    for (const name of filters) t.index([name, 'deleted_at', 'registered_on'])
    t.index(['deleted_at', 'next_contact_on', 'registered_on'])
    t.index(['credit_code'])
  })
  await knex.schema.createTable('customer_tallies', (t) => {
    text(t, 'name', 80).primary()
    t.integer('customer_count').notNullable()
  })
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('customer_tallies')
  await knex.schema.dropTable('customers')
}
