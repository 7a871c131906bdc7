import type { Knex } from 'knex'
import { createIndex, dropIndex } from '../src/kernel/db/list-indexes.ts'

/**
 * One index with all that customers are counted by, so that two values at once are counted without reading a million rows.
 * It begins with the number, so that no list is led by it.
 */
const counted = {
  table: 'customers',
  name: 'customers_counted',
  columns: ['id'],
  included: [
    'deleted_at',
    'level_id',
    'source_id',
    'type_id',
    'status_id',
    'industry_id',
    'ownership_id',
    'importance_id',
    'credit_rating_id',
    'region_id',
    'kind',
    'owner_id',
    'province_code',
    'city_code',
    'district_code',
    'registered_on',
  ],
}

export const up = (knex: Knex) => createIndex(knex, counted)
export const down = (knex: Knex) => dropIndex(knex, counted)
