import type { Knex } from 'knex'
import { createTextIndex, dropTextIndex } from '../src/kernel/db/text-index.ts'

/** Conditions that ask for a part of a text of contacts looked at each of them. */
export const up = (knex: Knex) => createTextIndex(knex, 'contacts')

export const down = (knex: Knex) => dropTextIndex(knex, 'contacts')
