import type { Knex } from 'knex'
import { dropColumns, long } from '../src/kernel/db/columns.ts'

/** The rules by which records of an own module are perhaps one: columns by commas, rules by semicolons. */
export const up = (knex: Knex) => knex.schema.alterTable('own_modules', (t) => void long(t, 'alike'))

export const down = (knex: Knex) => dropColumns(knex, 'own_modules', ['alike'])
