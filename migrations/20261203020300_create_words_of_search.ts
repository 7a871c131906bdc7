import type { Knex } from 'knex'
import { engine } from '../src/kernel/db/dialect.ts'
import { createWords } from '../src/kernel/db/full-text.ts'

/** What SQL Server's full text finds by; an index made since then has its table already. */
export async function up(knex: Knex) {
  if (engine(knex) === 'mssql')
    for (const index of ['customer_search', 'module_search'] as const) await createWords(knex, index)
}

/** The tables go with their indexes. */
export async function down() {}
