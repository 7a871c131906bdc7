import { crc32 } from 'node:zlib'
import type { Knex } from 'knex'
import { customerField } from '../../../customers/customers/fields.ts'
import { foldKey } from '../../../kernel/db/fold-key.ts'
import type { JobRun } from '../../../kernel/jobs/runner.ts'
import { text } from '../../../kernel/texts/index.ts'
import { showCount } from '../../../kernel/web/formatting.ts'
import { addErrors, type Import, restartCheck, saveImport } from '../import.ts'
import { targetNamed } from '../mapping/targets.ts'
import { firstRows } from '../reading/first-rows.ts'
import { nearValue } from '../reading/near-names.ts'
import { addReason, type ReadRow } from '../reading/row.ts'
import { goThrough, importOf, type Work, type WriteBatch } from '../work.ts'
import { existingOf } from './existing.ts'
import { evidences, findingsIn } from './findings.ts'
import { dictionaryOf, entryLabelled, type UnknownValue, unknownTally } from './unknown-values.ts'

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
  const codes: SeenCodes = { customers: firstRows(), names: firstRows(), contacts: firstRows() }
  const unknown = unknownTally()
  let last: Work | undefined
  await goThrough(run, one, { size: batchSize }, async ({ rows, work }) => {
    last = work
    for (const row of rows) {
      if (one.kind === 'customers') {
        refuseRepeatedCustomer(row, codes)
        noteOtherCode(row, codes)
      }
      refuseRepeatedContact(row, codes)
    }
    return counted(run.db, one, rows, { work, unknown })
  })
  const unknown_values = last ? withChoices(unknown.list(), last) : []
  await run.step((trx) => saveImport(trx, one.id, { state: 'checked', next_row: 0, unknown_values }))
  return text.imports.outcomes.checked(showCount(one.rows_right), showCount(one.rows_wrong))
}

type Counting = { work: Work; unknown: ReturnType<typeof unknownTally> }

async function counted(db: Knex, one: Import, rows: ReadRow[], { work, unknown }: Counting): Promise<WriteBatch> {
  const found = await existingOf(
    db,
    work,
    rows.filter(({ isStray }) => !isStray),
  )
  for (const row of rows) if (row.reasons.length === 0) countUnknown(row, unknown)
  const targets = one.columns.targets.map((key) => targetNamed(one.kind, key))
  let { evidence } = one
  for (const row of rows)
    evidence = findingsIn(evidence, row, { existing: found.get(row), targets, viewer: work.viewer })
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

/** The row in which each code came first, and a sum of the customer's name there: the names would fill the memory. */
type FirstRows = ReturnType<typeof firstRows>
/** Codes of customers, each marked by its customer's name, names with a code, each marked by that, and codes of contacts. */
type SeenCodes = { customers: FirstRows; names: FirstRows; contacts: FirstRows }

/** A row without a contact names none further. */
const noContact = 0
const markOf = (text: string) => crc32(foldKey(text)) || 1

/** Refuses a row whose code an earlier row of the same file has, unless it names a further contact of that customer. */
function refuseRepeatedCustomer(row: ReadRow, { customers }: SeenCodes) {
  const { code } = row.customer
  if (typeof code !== 'string') return
  const mark = row.contact ? markOf(row.name) : noContact
  const earlier = customers(foldKey(code), row.number, mark)
  if (earlier && (mark === noContact || mark !== earlier.mark))
    addReason(row, text.customers.fields.code, code, text.imports.codeTwice(earlier.row))
}

/** One name with two codes may be two customers: that is asked. */
function noteOtherCode(row: ReadRow, { names }: SeenCodes) {
  const { code } = row.customer
  if (typeof code !== 'string' || row.reasons.length > 0) return
  const mark = markOf(code)
  const earlier = names(foldKey(row.name), row.number, mark)
  if (earlier && earlier.mark !== mark) row.otherCode = earlier.row
}

function refuseRepeatedContact(row: ReadRow, { contacts }: SeenCodes) {
  const code = row.contact?.code
  if (typeof code !== 'string') return
  const earlier = contacts(foldKey(code), row.number)
  if (earlier) addReason(row, text.contacts.fields.code, code, text.imports.codeTwice(earlier.row))
}

/** Only what a right row needs is a question. */
function countUnknown(row: ReadRow, unknown: Counting['unknown']) {
  for (const { field, label, written } of row.misses)
    if (!unknown.add(field, written)) addReason(row, label, written, text.imports.unknown.tooMany)
}

/** What is proposed: what has a similar name; else entries are made, but not a second time beside one that is switched off. */
const withChoices = (list: UnknownValue[], { reference }: Work): UnknownValue[] =>
  list.map((value) => {
    const near = nearValue(reference, customerField(value.field as 'owner_id'), value.label)
    if (near) return { ...value, choice: near, isNear: true }
    const isNew = dictionaryOf(value.field) !== undefined && !entryLabelled(reference, value.field, value.label)
    return { ...value, choice: isNew ? 'make' : 'empty' }
  })
