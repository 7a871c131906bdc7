import type { Knex } from 'knex'
import { compareBySign, dropColumns, id, instant, key, keyIfAny, text } from '../src/kernel/db/columns.ts'
import { engine } from '../src/kernel/db/dialect.ts'

/** What got its key now: the texts, and the indexes by which each stood once as it was written. */
const added = [
  { table: 'customers', name: 'code_key', former: ['code'] },
  { table: 'contacts', name: 'code_key', former: ['code'] },
  { table: 'departments', name: 'name_key', former: null },
  { table: 'list_views', name: 'name_key', former: ['list', 'user_id', 'name'] },
  { table: 'saved_reports', name: 'name_key', former: ['user_id', 'name'] },
]

/** Keys from before, which are filled anew by the one rule; their indexes come back when they are. */
const present = [
  { table: 'users', name: 'username_key', length: 60, index: ['username_key'] },
  { table: 'roles', name: 'name_key', length: 200, isFilled: false, index: ['name_key'] },
  { table: 'tags', name: 'name_key', length: 120, index: ['name_key'] },
  { table: 'competitors', name: 'name_key', length: 240, index: ['name_key'] },
  { table: 'dictionary_entries', name: 'label_key', length: 120, index: ['dictionary', 'label_key'] },
  { table: 'import_mappings', name: 'heading_key', length: 100, index: ['kind', 'heading_key'] },
  { table: 'mail_messages', name: 'recipient_key', length: 200, index: ['mailing_id', 'recipient_key'] },
]

const ofDuplicates = ['kind', 'value_key', 'customer_id']

/**
 * Every text that may stand once gets a key it is compared by, whatever its case and width, and the keys are compared
 * sign by sign on SQL Server too. Nothing is unique between this and the index that comes back two migrations later.
 */
export async function up(knex: Knex) {
  for (const { table, name, former } of added)
    await knex.schema.alterTable(table, (t) => {
      key(t, name)
      if (former) t.dropUnique(former)
    })
  await knex.schema.alterTable('users', (t) => void keyIfAny(t, 'number_key'))
  for (const { table, name, index, ...how } of present) {
    await knex.schema.alterTable(table, (t) => t.dropUnique(index))
    await compareBySign(knex, table, name, how)
  }
  if (engine(knex) === 'mssql') {
    await knex.schema.alterTable('customer_keys', (t) => t.dropPrimary())
    await compareBySign(knex, 'customer_keys', 'value_key', { length: 220 })
    await knex.schema.alterTable('customer_keys', (t) => t.primary(ofDuplicates, 'customer_keys_by_sign'))
  }
  await knex.schema.createTable('repeated_keys', (t) => {
    id(t)
    text(t, 'record_type', 40).notNullable()
    text(t, 'field', 40).notNullable()
    t.integer('record_id').notNullable()
    t.integer('other_id').notNullable()
    instant(t, 'found_at').notNullable()
  })
}

/** SQL Server goes on comparing the keys from before sign by sign, which does no harm. */
export async function down(knex: Knex) {
  await knex.schema.dropTable('repeated_keys')
  if (engine(knex) === 'mssql') {
    await knex.schema.alterTable('customer_keys', (t) => t.dropPrimary('customer_keys_by_sign'))
    await knex.schema.alterTable('customer_keys', (t) => t.primary(ofDuplicates))
  }
  for (const { table, index } of present) await knex.schema.alterTable(table, (t) => t.unique(index))
  await dropColumns(knex, 'users', ['number_key'])
  for (const { table, name, former } of added) {
    await dropColumns(knex, table, [name])
    if (former) await knex.schema.alterTable(table, (t) => t.unique(former))
  }
}
