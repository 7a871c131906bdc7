import type { Knex } from 'knex'
import { type Table, tablesOfProgram } from '../../kernel/db/schema.ts'
import { builtInModules } from '../../kernel/modules/catalogue.ts'
import { ownTables } from '../../kernel/modules/own-table.ts'
import type { Manifest } from '../backups/manifest.ts'
import type { TableSum } from './rows.ts'

export const format = 'kehu-archive'

/** What an archive says of itself: beside what a backup says, of each table what its rows say together. */
export type ArchiveManifest = Manifest & { tables: Record<string, TableSum & { lastId: number }> }

/** What belongs to one moment or one machine, and is made anew. */
const momentary = new Set([
  'batch_act_rows',
  'batch_acts',
  'form_drafts',
  'made_files',
  'schedules',
  'selection_rows',
  'selections',
  'sender_failures',
  'sessions',
  'sign_ins',
  'submissions',
])

/** The tables of the program that go into an archive. The search is made anew from what they say. */
export async function archivedTables(): Promise<{ tables: Table[]; left: string[] }> {
  const all = await tablesOfProgram()
  return { tables: all.filter(({ name }) => !momentary.has(name)), left: [...momentary] }
}

/** The same with those of modules that rows define. */
export async function allArchivedTables(db: Knex): Promise<Table[]> {
  const own = await ownTables(db)
  return [...(await archivedTables()).tables, ...own.flatMap(({ tables }) => tables)]
}

/** Whether nobody has worked with an installation yet: it holds nothing that an archive would replace. */
export async function isUnused(db: Knex): Promise<boolean> {
  const kept = builtInModules().filter(({ bin }) => bin)
  for (const table of [...kept.map(({ name }) => name), 'files', 'imports', 'own_modules'])
    if (await db(table).first()) return false
  const users = await db('users').limit(2).select('id')
  return users.length < 2
}

/** Whether a manifest of a backup is one of an archive too. */
export function isArchive(manifest: Manifest): manifest is ArchiveManifest {
  const { tables } = manifest as ArchiveManifest
  return (
    typeof tables === 'object' &&
    tables !== null &&
    Object.values(tables).every(({ rows, lastId }) => Number.isSafeInteger(rows) && Number.isSafeInteger(lastId))
  )
}
