import type { Knex } from 'knex'

/** An installation that relied on the area code that was preset before keeps it; a new one is asked. */
export async function up(knex: Knex) {
  if (!(await knex('revisions').first('name'))) return
  if (!(await knex('settings').where({ name: 'areaCode' }).first('name')))
    await knex('settings').insert({ name: 'areaCode', value: JSON.stringify('0431') })
}

/** What was preset does no harm when it is stored. */
export async function down() {}
