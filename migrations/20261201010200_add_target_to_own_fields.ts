import type { Knex } from 'knex'
import { dropColumns, text } from '../src/kernel/db/columns.ts'

/** The module whose records a field of an own module points at. */
export const up = (knex: Knex) => knex.schema.alterTable('own_fields', (t) => void text(t, 'target', 40))

export const down = (knex: Knex) => dropColumns(knex, 'own_fields', ['target'])
