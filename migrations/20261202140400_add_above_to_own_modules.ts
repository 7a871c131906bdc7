import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** The module on whose records those of an own module hang. */
export const up = (knex: Knex) => knex.schema.alterTable('own_modules', (t) => void text(t, 'above_module', 40))

export const down = (knex: Knex) => dropColumns(knex, 'own_modules', ['above_module'])
