import type { Knex } from 'knex'

/** Declared modules whose rights stood among those of the roles from the beginning. */
const first = ['customers', 'contacts', 'competitors', 'departments', 'users', 'tags']

/** An installation in use knows them; those that came since give the built-in roles their rights at the next start. */
export async function up(knex: Knex) {
  const isUsed = await knex('revisions').first('name')
  if (isUsed) for (const name of first) await knex('known_modules').insert({ name })
}

export const down = (knex: Knex) => knex('known_modules').delete()
