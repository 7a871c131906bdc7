import type { Knex } from 'knex'
import { text } from '../src/kernel/db/columns.ts'

/** What Enter does in a form: it leads to the next field, or saves. */
export const up = (knex: Knex) => knex.schema.alterTable('user_options', (t) => void text(t, 'enter_key', 20))

export const down = (knex: Knex) => knex.schema.alterTable('user_options', (t) => t.dropColumn('enter_key'))
