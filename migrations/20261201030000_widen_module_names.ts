import type { Knex } from 'knex'
import { widenText } from '../src/kernel/db/columns.ts'

/** Where the name of a module stands, as wide as it may be; a saved report names a field of it too. */
const columns: [table: string, name: string, from: number, to: number][] = [
  ['imports', 'kind', 20, 40],
  ['import_mappings', 'kind', 20, 40],
  ['import_rows', 'record_type', 20, 40],
  ['saved_reports', 'analysis', 40, 120],
]
const indexes: Record<string, string[][]> = {
  import_rows: [
    ['import_id', 'record_type', 'record_id'],
    ['import_id', 'is_kept', 'record_type', 'action'],
  ],
}
const mapping = ['kind', 'heading_key']

async function widen(knex: Knex, lengthOf: (from: number, to: number) => number) {
  for (const [table, some] of Object.entries(indexes))
    for (const index of some) await knex.schema.alterTable(table, (t) => void t.dropIndex(index))
  await knex.schema.alterTable('import_mappings', (t) => void t.dropUnique(mapping))
  for (const [table, name, from, to] of columns) await widenText(knex, table, name, lengthOf(from, to))
  await knex.schema.alterTable('import_mappings', (t) => void t.unique(mapping))
  for (const [table, some] of Object.entries(indexes))
    for (const index of some) await knex.schema.alterTable(table, (t) => void t.index(index))
}

export const up = (knex: Knex) => widen(knex, (_from, to) => to)
export const down = (knex: Knex) => widen(knex, (from) => from)
