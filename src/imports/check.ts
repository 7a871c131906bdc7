import { crc32 } from 'node:zlib'
import type { Knex } from 'knex'
import { customerField } from '../customers/fields.ts'
import { foldKey } from '../db/fold-key.ts'
import type { JobRun } from '../jobs/runner.ts'
import { text } from '../texts/index.ts'
import { showCount } from '../web/show.ts'
import { existingOf } from './existing.ts'
import { evidences, findingsIn } from './findings.ts'
import { addErrors, type Import, restartCheck, saveImport } from './import.ts'
import { nearValue } from './near-names.ts'
import { addReason, type ReadRow } from './row.ts'
import { targetNamed } from './targets.ts'
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
  const codes: SeenCodes = { rows: new Map(), names: new Map(), contacts: new Map(), named: new Map() }
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
type SeenCodes = {
  rows: Map<string, number>
  names: Map<string, number>
  contacts: Map<string, number>
  /** By a sum of the name, the row in which it came first with a code, and a sum of that code. */
  named: Map<number, [row: number, code: number]>
}

/** A text cut out of a file can keep the whole chunk it was read from in memory. */
const keyOf = (code: string) => Buffer.from(foldKey(code)).toString()

/** Refuses a row whose code an earlier row of the same file has, unless it names a further contact of that customer. */
function refuseRepeatedCustomer(row: ReadRow, { rows, names }: SeenCodes) {
  const { code } = row.customer
  if (typeof code !== 'string') return
  const key = keyOf(code)
  const name = crc32(foldKey(row.name))
  const earlier = rows.get(key)
  if (earlier === undefined) {
    rows.set(key, row.number)
    if (row.contact) names.set(key, name)
  } else if (!row.contact || names.get(key) !== name)
    addReason(row, text.customers.fields.code, code, text.imports.codeTwice(earlier))
}

/** Long enough that no two names of a file have the same. */
const sumOf = (name: string) => crc32(name) * 2 ** 20 + (crc32([...name].reverse().join('')) & 0xfffff)

/** One name with two codes may be two customers: that is asked. */
function noteOtherCode(row: ReadRow, { named }: SeenCodes) {
  const { code } = row.customer
  if (typeof code !== 'string' || row.reasons.length > 0) return
  const [name, sum] = [sumOf(foldKey(row.name)), crc32(foldKey(code))]
  const [earlier, other] = named.get(name) ?? []
  if (earlier === undefined) named.set(name, [row.number, sum])
  else if (other !== sum) row.otherCode = earlier
}

function refuseRepeatedContact(row: ReadRow, { contacts }: SeenCodes) {
  const code = row.contact?.code
  if (typeof code !== 'string') return
  const earlier = contacts.get(foldKey(code))
  if (earlier === undefined) contacts.set(keyOf(code), row.number)
  else addReason(row, text.contacts.fields.code, code, text.imports.codeTwice(earlier))
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
