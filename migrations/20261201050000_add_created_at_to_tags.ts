import type { Knex } from 'knex'
import { dropColumns, instant } from '../src/kernel/db/columns.ts'

/** A declared module says when each record was made. */
export const up = (knex: Knex) => knex.schema.alterTable('tags', (t) => instant(t, 'created_at'))

export const down = (knex: Knex) => dropColumns(knex, 'tags', ['created_at'])
