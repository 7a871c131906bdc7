import type { Knex } from 'knex'
import { dropColumns, instant, text } from '../src/kernel/db/columns.ts'

/** A declared module keeps the pinyin of its titles, and when its records were made. */
export const up = (knex: Knex) =>
  knex.schema.alterTable('roles', (t) => {
    text(t, 'name_pinyin', 400)
    instant(t, 'created_at')
  })

export const down = (knex: Knex) => dropColumns(knex, 'roles', ['name_pinyin', 'created_at'])
