import type { Knex } from 'knex'
import { createListIndexes, dropListIndexes } from '../src/kernel/db/list-indexes.ts'

const lists = {
  table: 'workdays',
  order: 'name_pinyin',
  sorts: ['updated_at', 'held_on'],
  choices: ['kind'],
  spans: ['held_on'],
}

export const up = (knex: Knex) => createListIndexes(knex, lists)
export const down = (knex: Knex) => dropListIndexes(knex, lists)
