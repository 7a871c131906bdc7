import type { Knex } from 'knex'
import { ref, text } from '../src/kernel/db/columns.ts'

/** What a role reaches: for looking and for changing, per module. Roles that are there reach everything, as before. */
export async function up(knex: Knex) {
  await knex.schema.createTable('role_ranges', (t) => {
    ref(t, 'role_id', 'roles').notNullable()
    text(t, 'module', 40).notNullable()
    text(t, 'kind', 20).notNullable()
    text(t, 'range', 20).notNullable()
    t.primary(['role_id', 'module', 'kind'])
  })
  const ids: number[] = await knex('roles').pluck('id')
  for (const role_id of ids)
    for (const kind of ['view', 'change'])
      await knex('role_ranges').insert({ role_id, module: 'customers', kind, range: 'all' })
}

export const down = (knex: Knex) => knex.schema.dropTable('role_ranges')
