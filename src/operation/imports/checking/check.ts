import type { Knex } from 'knex'
import type { JobRun } from '../../../kernel/jobs/runner.ts'
import { showCount } from '../../../kernel/web/formatting.ts'
import { text } from '../../../texts/index.ts'
import { addErrors, type Import, restartCheck, saveImport } from '../import.ts'
import { askedTarget, dictionaryOf, targetNamed } from '../kind.ts'
import { kindOf } from '../kinds.ts'
import { nearValue } from '../reading/near-names.ts'
import { addReason, type ReadRow } from '../reading/row.ts'
import { forEachBatch, importOf, type Work, type WriteBatch } from '../work.ts'
import { evidences } from './existing.ts'
import { findingsIn } from './findings.ts'
import { entryLabelled, type UnknownValue, unknownTally } from './unknown-values.ts'

const batchSize = 250

/**
 * Checks every row of the file and keeps the wrong ones with their reasons; writes no record. A check that is gone on
 * with begins anew: whether a code comes twice is known only from the first row on.
 */
export async function checkImport(run: JobRun): Promise<string> {
  const one = await importOf(run)
  run.job.done_count = 0
  await run.step((trx) => restartCheck(trx, one.id))
  Object.assign(one, await importOf(run))
  const repeats = kindOf(one).repeats()
  const unknown = unknownTally()
  let last: Work | undefined
  await forEachBatch(run, one, { size: batchSize }, async ({ rows, work }) => {
    last = work
    for (const row of rows) repeats.look(row)
    return counted(run.db, one, rows, { work, unknown })
  })
  const unknown_values = last ? withChoices(unknown.list(), last) : []
  await run.step((trx) => saveImport(trx, one.id, { state: 'checked', next_row: 0, unknown_values }))
  return text.imports.outcomes.checked(showCount(one.rows_right), showCount(one.rows_wrong))
}

type Counting = { work: Work; unknown: ReturnType<typeof unknownTally> }

async function counted(db: Knex, one: Import, rows: ReadRow[], { work, unknown }: Counting): Promise<WriteBatch> {
  const kind = kindOf(one)
  const found = await kind.existing(
    db,
    work,
    rows.filter(({ isStray }) => !isStray),
  )
  for (const row of rows) if (row.reasons.length === 0) countUnknown(row, unknown)
  const targets = one.columns.targets.map((key) => targetNamed(kind, key))
  let { evidence } = one
  for (const row of rows)
    evidence = findingsIn(evidence, row, { existing: found.get(row), kind, targets, viewer: work.viewer })
  const wrong = rows.filter(({ reasons }) => reasons.length > 0)
  const progress = {
    evidence,
    rows_wrong: one.rows_wrong + wrong.length,
    rows_right: one.rows_right + rows.length - wrong.length,
    rows_existing: evidences.reduce((sum, how) => sum + (evidence[how]?.rows ?? 0), 0),
  }
  return async (trx) => {
    await addErrors(trx, one.id, wrong)
    return progress
  }
}

/** Only what a right row needs is a question. */
function countUnknown(row: ReadRow, unknown: Counting['unknown']) {
  for (const { field, label, written } of row.misses)
    if (!unknown.add(field, written)) addReason(row, label, written, text.imports.unknown.tooMany)
}

/** What is proposed: what has a similar name; else entries are made, but not a second time beside one that is switched off. */
const withChoices = (list: UnknownValue[], { one, reference }: Work): UnknownValue[] =>
  list.map((value) => {
    const target = askedTarget(kindOf(one), value.field)
    const near = target?.field && nearValue(reference, target.field, value.label)
    if (near) return { ...value, choice: near, isNear: true }
    const dictionary = dictionaryOf(target)
    const isNew = dictionary !== undefined && !entryLabelled(reference, dictionary, value.label)
    return { ...value, choice: isNew ? 'make' : 'empty' }
  })
