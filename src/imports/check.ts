import type { Knex } from 'knex'
import type { JobRun } from '../jobs/runner.ts'
import { text } from '../texts/index.ts'
import { existingOf } from './existing.ts'
import { addErrors, type Import, restartCheck, saveImport } from './import.ts'
import { addReason, type ReadRow } from './row.ts'
import { dictionaryOf, entryLabelled, type UnknownValue, unknownTally } from './unknown-values.ts'
import { goThrough, importOf, type Work, type WriteBatch } from './work.ts'

const batchSize = 250

/**
 * Checks every row of the file and keeps the wrong ones with their reasons; writes no customer. A check that is gone on
 * with begins anew: whether a code comes twice is known only from the first row on.
 */
export async function checkImport(run: JobRun): Promise<string> {
  const one = await importOf(run)
  run.job.done_count = 0
  await run.step((trx) => restartCheck(trx, one.id))
  Object.assign(one, await importOf(run))
  const codes = new Map<string, number>()
  const unknown = unknownTally()
  let last: Work | undefined
  await goThrough(run, one, { size: batchSize }, async ({ rows, work }) => {
    last = work
    for (const row of rows) {
      refuseRepeatedCode(row, codes, one)
      for (const { field, label, written } of row.misses)
        if (!unknown.add(field, written)) addReason(row, label, written, text.imports.unknown.tooMany)
    }
    return counted(run.db, one, rows, work)
  })
  const unknown_values = last ? withChoices(unknown.list(), last) : []
  await run.step((trx) => saveImport(trx, one.id, { state: 'checked', next_row: 0, unknown_values }))
  return text.imports.outcomes.checked(one.rows_right, one.rows_wrong)
}

async function counted(db: Knex, one: Import, rows: ReadRow[], work: Work): Promise<WriteBatch> {
  const found = await existingOf(db, work, rows)
  const evidence = { ...one.evidence }
  for (const row of rows) {
    const how = found.get(row)?.evidence
    if (how && row.reasons.length === 0) evidence[how] = (evidence[how] ?? 0) + 1
  }
  const wrong = rows.filter(({ reasons }) => reasons.length > 0)
  const progress = {
    evidence,
    rows_wrong: one.rows_wrong + wrong.length,
    rows_right: one.rows_right + rows.length - wrong.length,
    rows_existing: Object.values(evidence).reduce((sum, rows) => sum + rows, 0),
  }
  return async (trx) => {
    await addErrors(trx, one.id, wrong)
    return progress
  }
}

/** Refuses a row whose code an earlier row of the same file has. SQL Server compares codes without case. */
function refuseRepeatedCode(row: ReadRow, seen: Map<string, number>, { kind }: Import) {
  const code = (kind === 'customers' ? row.customer : row.contact)?.code
  if (typeof code !== 'string') return
  const earlier = seen.get(code.toLowerCase())
  if (earlier !== undefined) addReason(row, text.customers.fields.code, code, text.imports.codeTwice(earlier))
  // A text cut out of a file can keep the whole chunk it was read from in memory.
  else seen.set(Buffer.from(code.toLowerCase()).toString(), row.number)
}

/** What is proposed: entries are made, but not a second time beside one that is switched off. */
const withChoices = (list: UnknownValue[], { reference }: Work): UnknownValue[] =>
  list.map((value) => {
    const isNew = dictionaryOf(value.field) !== undefined && !entryLabelled(reference, value.field, value.label)
    return { ...value, choice: isNew ? 'make' : 'empty' }
  })
