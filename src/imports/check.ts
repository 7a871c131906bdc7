import { refuseRepeatedCodes, refuseTakenCodes } from './codes.ts'
import { addErrors, advance, restartCheck } from './import.ts'
import { goThrough, type Job } from './job.ts'

const batchSize = 250

/** Checks every row of the file and keeps the wrong ones with their reasons; writes no customer. */
export async function checkImport(job: Job) {
  const { db, imported } = job
  if (imported.next_row > 0) await restartCheck(db, imported.id)
  Object.assign(imported, { next_row: 0, rows_right: 0, rows_wrong: 0 })
  const seen = new Map<string, number>()
  const isDone = await goThrough(job, batchSize, async ({ rows, next_row }) => {
    refuseRepeatedCodes(rows, seen)
    await refuseTakenCodes(db, rows)
    const wrong = rows.filter(({ reasons }) => reasons.length > 0)
    const rows_wrong = imported.rows_wrong + wrong.length
    const progress = { next_row, rows_wrong, rows_right: imported.rows_right + rows.length - wrong.length }
    await db.transaction(async (trx) => {
      await advance(trx, imported, progress)
      await addErrors(trx, imported.id, wrong)
    })
    Object.assign(imported, progress)
  })
  if (isDone) await finish(job)
}

/** Without a right row there is nothing to wait for. */
async function finish({ db, imported }: Job) {
  const end = imported.rows_right > 0 ? { state: 'checked' as const } : { state: 'done' as const, stored_name: null }
  await advance(db, imported, end)
}
