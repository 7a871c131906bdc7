import type { Knex } from 'knex'

const indexes: [table: string, columns: string[]][] = [
  ['customers', ['code_key']],
  ['contacts', ['code_key']],
  ['users', ['username_key']],
  ['users', ['number_key']],
  ['departments', ['parent_id', 'name_key']],
  ['roles', ['name_key']],
  ['tags', ['name_key']],
  ['competitors', ['name_key']],
  ['dictionary_entries', ['dictionary', 'label_key']],
  ['list_views', ['list', 'user_id', 'name_key']],
  ['saved_reports', ['user_id', 'name_key']],
  ['import_mappings', ['kind', 'heading_key']],
  ['mail_messages', ['mailing_id', 'recipient_key']],
]

/** What may stand once does, by its key: those that were there before came together in the filling of the keys. */
export async function up(knex: Knex) {
  for (const [table, columns] of indexes) await knex.schema.alterTable(table, (t) => t.unique(columns))
}

export async function down(knex: Knex) {
  for (const [table, columns] of indexes) await knex.schema.alterTable(table, (t) => t.dropUnique(columns))
}
