import type { Knex } from 'knex'
import { wordsOf } from '../../../kernel/modules/catalogue.ts'
import { withLines } from '../../../kernel/modules/line-records.ts'
import { fieldNamed, type Module, rightOf, type Stored } from '../../../kernel/modules/module.ts'
import { addRecord, saveRecord } from '../../../kernel/modules/records.ts'
import { codesFor } from '../../../kernel/numbers.ts'
import type { Values } from '../../../kernel/web/form.ts'
import { hiddenIn } from '../../../kernel/web/masks.ts'
import { importWords } from '../../../texts/zh/import-modules.ts'
import { keepChanged, keepMade } from '../applying/applied.ts'
import { type Outcome, saidOf, valuesFor } from '../applying/outcome.ts'
import type { Existing } from '../checking/existing.ts'
import { addReason, type ReadRow } from '../reading/row.ts'
import type { Work } from '../work.ts'
import { existingRecords } from './existing.ts'
import { isReached, keyFields } from './facts.ts'

type Taking = { rows: ReadRow[]; outcome: Outcome }

/** Takes rows in: new ones as records, those about records that are there as was chosen. */
export async function takeRecords(trx: Knex, module: Module, work: Work, { rows, outcome }: Taking) {
  const found = await existingRecords(trx, module, work, rows)
  const { existing_choice: choice } = work.one
  for (const [row, existing] of found)
    if (row.reasons.length === 0 && choice !== 'skip') refuse(module, work, row, existing)
  const isNew = (row: ReadRow) => row.reasons.length === 0 && (choice === 'add' || !found.has(row))
  await giveNumbers(trx, module, rows.filter(isNew))
  const made: number[] = []
  for (const row of rows) {
    const existing = found.get(row)
    if (row.reasons.length > 0) outcome.wrong.push(row)
    else if (!existing || choice === 'add') made.push(await make(trx, module, work, row))
    else if (choice === 'skip') outcome.skipped++
    else await change(trx, module, work, { row, id: existing.id, outcome })
  }
  outcome.taken += made.length
  await keepMade(trx, work.one.id, module.name, made)
}

/** Numbers for the new rows together: none of them becomes one that a later row of them brings along. */
async function giveNumbers(trx: Knex, { name, number }: Module, rows: ReadRow[]) {
  if (!number) return
  const given = rows.map(({ values }) => values.record?.[number.field])
  const codes = await codesFor(trx, name, given, number.pattern, number.field)
  for (const [at, row] of rows.entries()) row.values.record = { ...row.values.record, [number.field]: codes[at] }
}

/** Why what was chosen cannot be done with a row, as its reason. */
function refuse(module: Module, { one, viewer }: Work, row: ReadRow, { evidence, owner_id, isOneOfSeveral }: Existing) {
  const words = importWords(module.label)
  const { label } = fieldNamed(module, module.title)
  const [key] = keyFields(module)
  if (one.existing_choice === 'add') {
    if (evidence === 'code' && key)
      addReason(row, key.label, String(row.values.record?.[key.name] ?? ''), wordsOf(module).taken)
  } else if (!isReached(module, viewer, rightOf(module, 'update'), owner_id))
    addReason(row, label, row.name, words.notYours)
  else if (isOneOfSeveral) addReason(row, label, row.name, words.several)
}

async function make(trx: Knex, module: Module, { actor, viewer, reference }: Work, row: ReadRow): Promise<number> {
  const empty = Object.fromEntries(module.fields.map(({ name }) => [name, null]))
  const record = await addRecord(trx, module, { ...empty, ...row.values.record }, actor)
  await module.hooks?.saved?.({ trx, actor, viewer, reference }, record)
  return record.id
}

type Changed = { row: ReadRow; id: number; outcome: Outcome }

/** Changes a record as far as the row says something new and this person may read and give. */
async function change(trx: Knex, module: Module, work: Work, { row, id, outcome }: Changed) {
  const { actor, viewer, reference, one } = work
  const stored: Stored = await trx(module.name).where({ id }).first()
  const [before = stored] = await withLines(trx, module, [stored])
  const said = valuesFor(one.existing_choice, before, { ...saidOf(row, 'record'), known: [] })
  const kept = new Set([...hiddenIn(before, module.fields, viewer), ...ownerKept(module, work)])
  const changed = Object.entries(said).filter(([name]) => !kept.has(name))
  const values: Values = { ...fieldsOf(module, before), ...Object.fromEntries(changed) }
  const run = { trx, actor, viewer, reference }
  for (const { label, message } of (await module.hooks?.check?.(run, values, before)) ?? [])
    addReason(row, label, '', message)
  if (row.reasons.length > 0) return outcome.wrong.push(row)
  const changes = await saveRecord(trx, module, before, { version: before.version, values, actor, reference })
  if (changes.length === 0) return outcome.skipped++
  outcome.changed++
  await keepChanged(trx, one.id, module.name, before)
  return module.hooks?.saved?.(run, { ...before, ...values }, before)
}

export const fieldsOf = ({ fields }: Module, record: Stored): Values =>
  Object.fromEntries(fields.map(({ name }) => [name, record[name]]))

/** A record stays with whom it is unless this person may give it away. */
const ownerKept = (module: Module, { viewer }: Work): string[] =>
  module.owner !== 'nobody' && 'by' in module.owner && !viewer.can(rightOf(module, 'transfer')) ? [module.owner.by] : []
