import type { Knex } from 'knex'
import { addRef, dropColumns, instant, ref, text } from '../src/kernel/db/columns.ts'
import { engine } from '../src/kernel/db/dialect.ts'

const added = ['branch_code', 'position', 'version', 'created_at', 'updated_at']

/** The tree of departments with its heads, and who is whose superior, both with every way from top to bottom. */
export async function up(knex: Knex) {
  await knex.schema.alterTable('departments', (t) => {
    text(t, 'branch_code', 8)
    t.integer('position').notNullable().defaultTo(0)
    t.integer('version').notNullable().defaultTo(1)
    instant(t, 'created_at')
    instant(t, 'updated_at')
  })
  await addRef(knex, 'departments', 'head_id', 'users')
  await addRef(knex, 'users', 'superior_id', 'users')
  await knex.schema.alterTable('departments', (t) => t.index('head_id'))
  await knex.schema.alterTable('users', (t) => {
    t.index('superior_id')
    t.index('number')
  })
  await knex.schema.createTable('department_paths', (t) => {
    ref(t, 'ancestor_id', 'departments').notNullable()
    ref(t, 'descendant_id', 'departments').notNullable().index()
    t.integer('depth').notNullable()
    t.primary(['ancestor_id', 'descendant_id'])
  })
  await knex.schema.createTable('superior_paths', (t) => {
    ref(t, 'superior_id', 'users').notNullable()
    ref(t, 'user_id', 'users').notNullable().index()
    t.integer('depth').notNullable()
    t.primary(['superior_id', 'user_id'])
  })
}

export async function down(knex: Knex) {
  await knex.schema.dropTable('superior_paths')
  await knex.schema.dropTable('department_paths')
  await knex.schema.alterTable('users', (t) => {
    t.dropIndex('number')
    t.dropIndex('superior_id')
  })
  await knex.schema.alterTable('departments', (t) => t.dropIndex('head_id'))
  if (engine(knex) === 'mssql') {
    await knex.schema.alterTable('users', (t) => t.dropForeign('superior_id'))
    await knex.schema.alterTable('departments', (t) => t.dropForeign('head_id'))
  }
  await dropColumns(knex, 'users', ['superior_id'])
  await dropColumns(knex, 'departments', ['head_id', ...added])
}
