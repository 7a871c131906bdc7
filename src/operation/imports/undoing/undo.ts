import type { Knex } from 'knex'
import { currentRevision } from '../../../kernel/db/cache-revision.ts'
import { recordEvent } from '../../../kernel/history/history.ts'
import type { JobRun } from '../../../kernel/jobs/runner.ts'
import { referenceAt } from '../../../kernel/reference.ts'
import { showCount } from '../../../kernel/web/formatting.ts'
import { text } from '../../../texts/index.ts'
import type { Taken } from '../applying/applied.ts'
import { removeUnused } from '../applying/made-entries.ts'
import { type Import, saveImport } from '../import.ts'
import type { UndoStep } from '../kind.ts'
import { kindOf } from '../kinds.ts'
import { importOf } from '../work.ts'

const batchSize = 200

/**
 * Takes back what an import did, as far as nobody changed it since, in the steps of its kind, then options that nobody
 * uses. What stays is marked as kept. Rows that are done are gone from import_rows, so that it can be gone on with.
 */
export async function undoImport(run: JobRun): Promise<string> {
  const one = await importOf(run)
  for (const step of kindOf(one).undoing) await undoAll(run, one, step)
  await removeUnused(run, one)
  const kept = await countKept(run.db, one.id)
  await run.step(async (trx) => {
    await saveImport(trx, one.id, { state: 'undone' })
    const record_name = `${one.rows_undone} ${one.file_name}`
    await recordEvent(trx, run.actor, { action: 'undo', record_type: 'imports', record_id: one.id, record_name })
  })
  return text.imports.undo.outcome(showCount(one.rows_undone), showCount(kept))
}

async function undoAll(run: JobRun, one: Import, step: UndoStep) {
  const { record_type, action } = step
  for (;;) {
    const reference = await referenceAt(run.db, await currentRevision(run.db))
    const rows: Taken[] = await run
      .db('import_rows')
      .where({ import_id: one.id, is_kept: false, record_type, action })
      .orderBy('id', 'desc')
      .limit(batchSize)
    if (rows.length === 0) return
    const undone = await run.step(async (trx) => {
      const { done, count } = await step.run(trx, { one, actor: run.actor, reference }, rows)
      await settle(trx, rows, done)
      const rows_undone = one.rows_undone + count
      run.job.done_count = rows_undone
      await saveImport(trx, one.id, { rows_undone })
      return rows_undone
    })
    one.rows_undone = undone
  }
}

async function settle(trx: Knex, rows: Taken[], done: Set<number>) {
  const ids = rows.map(({ id }) => id)
  await trx('import_rows')
    .whereIn(
      'id',
      ids.filter((id) => done.has(id)),
    )
    .delete()
  await trx('import_rows')
    .whereIn(
      'id',
      ids.filter((id) => !done.has(id)),
    )
    .update({ is_kept: true })
}

/** How many records of an import were kept because somebody changed them. */
export async function countKept(db: Knex, import_id: number): Promise<number> {
  const row = await db('import_rows').where({ import_id, is_kept: true }).count({ row_count: '*' }).first()
  return Number(row?.row_count ?? 0)
}
