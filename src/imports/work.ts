import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import { currentRevision } from '../db/revision.ts'
import type { JobRun } from '../jobs/runner.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { type Settings, settingsAt } from '../settings.ts'
import type { TableRow } from '../spreadsheets/read-csv.ts'
import type { Actor } from '../web/session.ts'
import { findImport, type Import, saveImport } from './import.ts'
import { type ReadRow, readRow } from './row.ts'
import { batchesFrom } from './sheet.ts'
import { targetNamed } from './targets.ts'
import type { Resolved } from './unknown-values.ts'

export const importFolder = (dataDir: string) => join(dataDir, 'imports')

/** What rows are taken in with: the reference data of the moment, and who asked for it. */
export type Work = { one: Import; actor: Actor; reference: Reference; settings: Settings }
type Batch = { rows: ReadRow[]; work: Work }

/** SQLite has one connection: a request of another person needs several turns on it, one after the other. */
const millisecondsForOthers = 5

export const importOf = ({ app, job }: JobRun): Promise<Import> => findImport(app.db, Number(job.payload.import))

/**
 * Goes through the rows of the file from where the import stands, `size` at a time, each batch a step of the job.
 * `each` answers what of the import is written with it; a step that failed as a whole leaves `one` as it was.
 */
export async function goThrough(
  run: JobRun,
  one: Import,
  { size, resolved }: { size: number; resolved?: Resolved },
  each: (trx: Knex, batch: Batch) => Promise<Partial<Import>>,
) {
  const { app, job, actor } = run
  const path = join(importFolder(app.config.dataDir), one.stored_name ?? '')
  const targets = one.columns.targets.map((key) => targetNamed(one.kind, key))
  for await (const rows of batchesFrom(path, Math.max(one.next_row, one.columns.row + 1), size)) {
    const revision = await currentRevision(app.db)
    const [reference, settings] = [await referenceAt(app.db, revision), await settingsAt(app.db, revision)]
    const context = { kind: one.kind, targets, reference, settings, ownerId: one.user_id, resolved }
    const read = rows.map((row) => readRow(row, context))
    const work = { one, actor, reference, settings }
    const done = job.done_count
    const saved = await run.step(async (trx) => {
      const progress = { ...(await each(trx, { rows: read, work })), next_row: (rows.at(-1) as TableRow).number + 1 }
      job.done_count = done + rows.length
      await saveImport(trx, one.id, progress)
      return progress
    })
    Object.assign(one, saved)
    await pause(millisecondsForOthers)
  }
}
