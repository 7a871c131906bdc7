import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** Somebody drew the columns of a list as wide as they suit. */
export const up = (knex: Knex) => knex.schema.alterTable('list_preferences', (t) => void text(t, 'widths', 1000))

export const down = (knex: Knex) => dropColumns(knex, 'list_preferences', ['widths'])
