import type { Knex } from 'knex'
import { isUniqueViolation } from '../../../kernel/db/dialect.ts'
import { recordEvent } from '../../../kernel/history/history.ts'
import type { JobRun } from '../../../kernel/jobs/runner.ts'
import { showCount } from '../../../kernel/web/formatting.ts'
import { text } from '../../../texts/index.ts'
import { resolvedBy } from '../checking/unknown-values.ts'
import { addErrors, type Import, saveImport } from '../import.ts'
import { kindOf } from '../kinds.ts'
import type { ReadRow } from '../reading/row.ts'
import { forEachBatch, importOf, type Work } from '../work.ts'
import { makeEntries, removeUnused } from './made-entries.ts'
import { newOutcome } from './outcome.ts'

/** Small, because nobody else writes meanwhile: about 70 ms. */
const batchSize = 200

type Four = [string, string, string, string]

/**
 * Takes in the rows that were right when they were checked. Every batch is one step with its progress, so that after a
 * stop at any moment none is lost and none taken twice. Rows that are no longer right go to the wrong ones.
 */
export async function takeImport(run: JobRun): Promise<string> {
  const one = await importOf(run)
  await makeEntries(run, one)
  const resolved = resolvedBy(one.unknown_values)
  await forEachBatch(run, one, { size: batchSize, resolved }, async ({ rows, work }) => {
    const known = await knownWrong(run.db, one, rows)
    const chosen = rows.filter(({ number }) => !known.has(number))
    return (trx) => takeBatch(trx, work, chosen)
  })
  await removeUnused(run, one)
  await finish(run, one)
  return text.imports.outcomes.taken(
    ...([one.rows_taken, one.rows_changed, one.rows_skipped, one.rows_wrong].map(showCount) as Four),
  )
}

async function takeBatch(trx: Knex, work: Work, rows: ReadRow[]): Promise<Partial<Import>> {
  const attempt = async (inner: Knex) => {
    const outcome = newOutcome()
    const fresh = rows.map((row) => ({ ...row, values: { ...row.values }, reasons: [...row.reasons] }))
    await kindOf(work.one).take(inner, work, fresh, outcome)
    return outcome
  }
  // Somebody may take a code between our look and our insert; the next look finds it.
  const outcome = await trx.transaction(attempt).catch((error) => {
    if (isUniqueViolation(error)) return trx.transaction(attempt)
    throw error
  })
  const { one } = work
  await addErrors(trx, one.id, outcome.wrong)
  return {
    rows_taken: one.rows_taken + outcome.taken,
    rows_changed: one.rows_changed + outcome.changed,
    rows_skipped: one.rows_skipped + outcome.skipped,
    rows_right: one.rows_right - outcome.wrong.length,
    rows_wrong: one.rows_wrong + outcome.wrong.length,
  }
}

/** The numbers of the rows that were found wrong before. */
async function knownWrong(db: Knex, { id }: Import, rows: ReadRow[]): Promise<Set<number>> {
  const range = [rows[0]?.number ?? 0, rows.at(-1)?.number ?? 0] as const
  const numbers = await db('import_errors')
    .where({ import_id: id })
    .whereBetween('row_number', range)
    .pluck('row_number')
  return new Set(numbers)
}

async function finish({ step, actor }: JobRun, one: Import) {
  await step(async (trx) => {
    await saveImport(trx, one.id, { state: 'done' })
    await recordEvent(trx, actor, {
      action: 'import',
      record_type: 'imports',
      record_id: one.id,
      record_name: `${one.rows_taken + one.rows_changed} ${one.file_name}`,
    })
  })
}
