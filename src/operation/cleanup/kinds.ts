import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import { whereIdIn } from '../../kernel/db/dialect.ts'
import { activeStates } from '../../kernel/jobs/job.ts'
import { purgeRecords } from '../../kernel/modules/bin.ts'
import { declaredModules } from '../../kernel/modules/catalogue.ts'
import { notWithAbove, unheld } from '../../kernel/modules/held.ts'
import type { Module, Stored } from '../../kernel/modules/module.ts'
import { binnedRows } from '../../kernel/modules/rows.ts'
import { forgetSelections } from '../../kernel/selections/selection.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { countOldMail, removeOldMail } from '../../mail/accounts/old-mail.ts'
import { text } from '../../texts/index.ts'
import { listArchives } from '../archive/place.ts'
import { backupFolder, listBackups } from '../backups/place.ts'
import { importFolder } from '../imports/work.ts'

/** What is cleaned up of one kind: how much there is from before an instant, and its removal. */
export type Cleanup = {
  code: string
  label: string
  note: string
  count(db: Knex, before: string, config: Config): Promise<number>
  /** In the transaction of the whole cleanup; answers how many went. */
  remove(trx: Knex, before: string, actor: Actor): Promise<number>
  /** Files that belong to it, once the rows are gone for good. Answers how many went. */
  removeFiles?(config: Config, before: string): Promise<number>
}

const rowsAtOnce = 500

async function countOf(query: Knex.QueryBuilder): Promise<number> {
  const row = await query.count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}

/** Does something with all rows of a query, some at a time; it must take them out of the query. */
async function each<T>(query: () => Knex.QueryBuilder, work: (rows: T[]) => Promise<void>): Promise<number> {
  for (let done = 0; ; ) {
    const rows: T[] = await query().orderBy('id').limit(rowsAtOnce)
    await work(rows)
    done += rows.length
    if (rows.length < rowsAtOnce) return done
  }
}

/** What still tells its state by its job keeps it. */
const endedJobs = (db: Knex, before: string) =>
  ['mailings', 'handovers'].reduce(
    (query, table) => query.whereNotIn('id', db(table).whereNotNull('job_id').select('job_id')),
    db('jobs').whereNotIn('state', activeStates).where('created_at', '<', before),
  )

/** Imports nobody works at; what they brought stays, but can no longer be undone. */
const oldImports = (db: Knex, before: string) =>
  db('imports').whereNotIn('state', ['checking', 'taking', 'undoing']).where('updated_at', '<', before)

/** The way back from a restoration is no matter of tidiness (operation/backups/safety.ts). */
const oldBackups = async (dataDir: string, before: string) => {
  const all = (await listBackups(dataDir)).filter(({ way }) => way !== 'safety')
  const [newest, ...others] = all.filter(({ way }) => way !== 'uploaded')
  const uploaded = all.filter(({ way }) => way === 'uploaded')
  return newest ? [...others, ...uploaded].filter(({ createdAt }) => createdAt < before) : []
}

const oldArchives = async (dataDir: string, before: string) =>
  (await listArchives(dataDir)).filter(({ writtenAt }) => writtenAt < before)

type Way = Omit<Cleanup, 'label' | 'note'> & { code: keyof typeof text.cleanup.kinds }

const ways: Way[] = [
  {
    code: 'imports',
    count: (db, before) => countOf(oldImports(db, before)),
    remove: (trx, before) => removeImports(trx, before),
  },
  {
    code: 'jobs',
    count: (db, before) => countOf(endedJobs(db, before)),
    remove: (trx, before) => endedJobs(trx, before).delete(),
  },
  {
    code: 'mail',
    count: countOldMail,
    remove: removeOldMail,
  },
  {
    code: 'selections',
    count: (db, before) => countOf(db('selections').where('created_at', '<', before)),
    remove: async (trx, before) => {
      const count = await countOf(trx('selections').where('created_at', '<', before))
      await forgetSelections(trx, before)
      return count
    },
  },
  {
    code: 'backups',
    count: async (_db, before, { dataDir }) => (await oldBackups(dataDir, before)).length,
    remove: async () => 0,
    removeFiles: async ({ dataDir }, before) => {
      const old = await oldBackups(dataDir, before)
      for (const { name } of old) await rm(join(backupFolder(dataDir), name), { force: true })
      return old.length
    },
  },
  {
    code: 'archives',
    count: async (_db, before, { dataDir }) => (await oldArchives(dataDir, before)).length,
    remove: async () => 0,
    removeFiles: async ({ dataDir }, before) => {
      const old = await oldArchives(dataDir, before)
      for (const { path } of old) await rm(path, { force: true })
      return old.length
    },
  },
]

const said = (way: Way): Cleanup => ({
  ...way,
  label: text.cleanup.kinds[way.code],
  note: text.cleanup.notes[way.code],
})

const byHand = ways.map(said)

/** The recycle bins of declared modules, whose records take with them what hangs on them. */
const binOf = (module: Module): Cleanup => ({
  code: module.name,
  label: text.cleanup.binOf(module.label),
  note: text.cleanup.binNote,
  count: (db, before) => countOf(oldIn(db, module, before)),
  remove: (trx, before, actor) =>
    each<Stored>(
      () => oldIn(trx, module, before),
      (records) => purgeRecords(trx, module, records, actor),
    ),
})

/** Something may still point at a record, or at what hangs on it: it stays until that is gone. What hangs on another goes with that. */
const oldIn = (db: Knex, module: Module, before: string) =>
  notWithAbove(db, unheld(db, binnedRows(db, module).where('deleted_at', '<', before), module), module)

/** Everything that can be cleaned up, in the order of the page. The operation log has a cleanup of its own. */
export function cleanups(): Cleanup[] {
  const bins = declaredModules().filter(({ bin }) => bin)
  return [...bins.map(binOf), ...byHand]
}

async function removeImports(trx: Knex, before: string): Promise<number> {
  for (let done = 0; ; ) {
    const ids: number[] = await oldImports(trx, before).orderBy('id').limit(rowsAtOnce).pluck('id')
    if (ids.length === 0) return done
    for (const part of ['import_errors', 'import_rows']) await whereIdIn(trx(part), 'import_id', ids).delete()
    await whereIdIn(trx('imports'), 'id', ids).delete()
    done += ids.length
  }
}

/** Removes uploaded files that no import knows any more. */
export async function removeImportFiles(db: Knex, { dataDir }: Config, names: string[]) {
  const known = new Set<string>(await db('imports').whereNotNull('stored_name').pluck('stored_name'))
  for (const name of names) if (!known.has(name)) await rm(join(importFolder(dataDir), name), { force: true })
}
