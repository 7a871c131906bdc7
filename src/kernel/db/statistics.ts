import type { Knex } from 'knex'
import { engine } from './dialect.ts'

/** Tells SQLite from a sample how a large table is made up, so that it takes the best of several indexes. SQL Server does so by itself. */
export async function refreshStatistics(db: Knex, table: string) {
  if (engine(db) !== 'sqlite') return
  await db.raw('pragma analysis_limit = 400')
  await db.raw('analyze ??', [table])
}
