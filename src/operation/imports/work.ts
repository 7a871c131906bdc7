import { join } from 'node:path'
import type { Knex } from 'knex'
import type { JobRun } from '../../kernel/jobs/runner.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { type Settings, settingsAt } from '../../kernel/settings/settings.ts'
import type { Actor } from '../../kernel/web/session.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { viewerAt } from '../../kernel/web/viewers.ts'
import type { Resolved } from './checking/unknown-values.ts'
import { findImport, type Import, saveImport } from './import.ts'
import { batchesAhead } from './reading/reading-ahead.ts'
import type { ReadRow } from './reading/row.ts'

export const importFolder = (dataDir: string) => join(dataDir, 'imports')

/** What rows are taken in with: the reference data of the moment, and who asked for it. */
export type Work = { one: Import; actor: Actor; viewer: Viewer; reference: Reference; settings: Settings }
type Batch = { rows: ReadRow[]; work: Work }

/** Writes a batch in the transaction of its step; answers what of the import is written with it. */
export type WriteBatch = (trx: Knex) => Promise<Partial<Import>>

export const importOf = ({ db, job }: JobRun): Promise<Import> => findImport(db, Number(job.payload.import))

/** What the reading of rows has to know of the columns. */
export function columnsOf({ columns }: Import) {
  const { examples: _, ...rest } = columns
  return rest
}

const lastOf = ({ number, end = number }: ReadRow) => end

/**
 * Goes through the rows of the file from where the import stands, `size` at a time, each batch a step of the job.
 * `look` does all that can be done before, while others may write; a step that failed as a whole leaves `one` as it was.
 */
export async function forEachBatch(
  run: JobRun,
  one: Import,
  { size, resolved }: { size: number; resolved?: Resolved },
  look: (batch: Batch) => Promise<WriteBatch>,
) {
  const { db, config, job, actor } = run
  const reading = {
    path: join(importFolder(config.dataDir), one.stored_name ?? ''),
    first: Math.max(one.next_row, one.columns.row + 1),
    size,
    kind: one.kind,
    columns: columnsOf(one),
    ownerId: one.user_id,
    resolved,
  }
  for await (const { rows, revision } of batchesAhead(db, config.database, reading)) {
    const [reference, settings] = [await referenceAt(db, revision), await settingsAt(db, revision)]
    const work = { one, actor, viewer: await viewerAt(db, revision, one.user_id), reference, settings }
    const done = job.done_count
    const write = await look({ rows, work })
    const saved = await run.step(async (trx) => {
      const progress = { ...(await write(trx)), next_row: lastOf(rows.at(-1) as ReadRow) + 1 }
      job.done_count = done + rows.reduce((sum, row) => sum + lastOf(row) - row.number + 1, 0)
      await saveImport(trx, one.id, progress)
      return progress
    })
    Object.assign(one, saved)
  }
}
