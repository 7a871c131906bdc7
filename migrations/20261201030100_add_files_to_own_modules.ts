import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** The kinds of files that the records of an own module have, by commas. */
export const up = (knex: Knex) => knex.schema.alterTable('own_modules', (t) => void text(t, 'files', 80))

export const down = (knex: Knex) => dropColumns(knex, 'own_modules', ['files'])
