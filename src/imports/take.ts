import type { Knex } from 'knex'
import { addCustomers } from '../customers/customer.ts'
import { isUniqueViolation } from '../db/dialect.ts'
import { recordEvent } from '../history.ts'
import type { Settings } from '../settings.ts'
import { refuseTakenCodes } from './codes.ts'
import { addErrors, advance, type Import } from './import.ts'
import { goThrough, type Job } from './job.ts'
import type { ReadRow } from './row.ts'

const batchSize = 200

/**
 * Adds the customers of the rows that were right when they were checked. Every batch is one transaction with its
 * progress, so that after a stop at any moment none is lost and none taken twice. Rows that are no longer right (a code
 * was given away since) go to the wrong ones.
 */
export async function takeImport(job: Job) {
  const isDone = await goThrough(job, batchSize, async ({ rows, next_row, settings }) => {
    Object.assign(job.imported, await takeBatch(job, rows, next_row, settings))
  })
  if (isDone) await finish(job)
}

async function takeBatch(job: Job, rows: ReadRow[], next_row: number, settings: Settings) {
  const work = () => job.db.transaction((trx) => takeRows(trx, job, { rows, next_row, settings }))
  try {
    return await work()
  } catch (error) {
    // Somebody took a code between our look and our insert; the next look finds it.
    if (isUniqueViolation(error)) return work()
    throw error
  }
}

type Batch = { rows: ReadRow[]; next_row: number; settings: Settings }

async function takeRows(trx: Knex, { imported, actor }: Job, { rows, next_row, settings }: Batch) {
  const known = await knownWrong(trx, imported, rows)
  const chosen = rows.filter(({ number }) => !known.has(number)).map((row) => ({ ...row, reasons: [...row.reasons] }))
  await refuseTakenCodes(trx, chosen)
  const wrong = chosen.filter(({ reasons }) => reasons.length > 0)
  const right = chosen.filter(({ reasons }) => reasons.length === 0)
  const progress = {
    next_row,
    rows_taken: imported.rows_taken + right.length,
    rows_right: imported.rows_right - wrong.length,
    rows_wrong: imported.rows_wrong + wrong.length,
  }
  await advance(trx, imported, progress)
  await addErrors(trx, imported.id, wrong)
  if (right.length > 0)
    await addCustomers(
      trx,
      right.map(({ values }) => values),
      { actor, settings },
    )
  return progress
}

/** The numbers of the rows that were found wrong before. */
async function knownWrong(trx: Knex, { id }: Import, rows: ReadRow[]): Promise<Set<number>> {
  const range = [rows[0]?.number ?? 0, rows.at(-1)?.number ?? 0] as const
  const numbers = await trx('import_errors')
    .where({ import_id: id })
    .whereBetween('row_number', range)
    .pluck('row_number')
  return new Set(numbers)
}

async function finish({ db, imported, actor }: Job) {
  await db.transaction(async (trx) => {
    await advance(trx, imported, { state: 'done', stored_name: null })
    await recordEvent(trx, actor, {
      action: 'import',
      record_type: 'imports',
      record_id: imported.id,
      record_name: `${imported.rows_taken} ${imported.file_name}`,
    })
  })
}
