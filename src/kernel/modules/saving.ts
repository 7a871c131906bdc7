import type { Knex } from 'knex'
import { isUniqueViolation } from '../db/dialect.ts'
import { foldKey } from '../db/fold-key.ts'
import type { Act } from '../permissions.ts'
import { refusedAt } from '../web/edit.ts'
import { type FieldError, fieldError, type Values } from '../web/form.ts'
import { Refusal } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'
import { wordsOf } from './catalogue.ts'
import type { Added, Module, ModuleField, Run, Stored } from './module.ts'
import { addRecord, beginChange, removeRecord, saveRecord } from './records.ts'
import { allRows } from './rows.ts'
import { inSection } from './sections.ts'

/** A check of the declaration found something at these fields. */
class Checked extends Error {
  readonly errors: FieldError[]
  constructor(errors: FieldError[]) {
    super()
    this.errors = errors
  }
}

type Save = { version: number; values: Values }

/** Adds a record with what its declaration asks before and does after; answers it. Throws what `refusedBy` reads. */
export async function addChecked(run: Run, module: Module, given: Values): Promise<Added> {
  const values = { ...given, ...inSection(module), ...madeBy(module, run) }
  await check(run, module, values)
  if (module.writing?.add) return module.writing.add(run, values)
  const record = await addRecord(run.trx, module, values, run.actor)
  await module.hooks?.saved?.(run, record)
  return record
}

/** The columns that say who makes a record. */
const madeBy = ({ personal, giver }: Module, { viewer }: Run): Values =>
  Object.fromEntries([personal ?? [], giver ?? []].flat().map((column) => [column, viewer.id]))

/** Saves a record likewise, and answers whether anything changed; throws Stale where it no longer stands at `version`. */
export async function saveChecked(run: Run, module: Module, before: Stored, save: Save): Promise<boolean> {
  await check(run, module, save.values, before)
  if (module.writing?.save) return module.writing.save(run, before, save)
  const changes = await saveRecord(run.trx, module, before, { ...save, actor: run.actor, reference: run.reference })
  await module.hooks?.saved?.(run, { ...before, ...save.values }, before)
  return changes.length > 0
}

/** Removes a record, to the recycle bin or for good. Throws Stale where it no longer stands at its version. */
export const remove = (run: Run, module: Module, record: Stored) =>
  module.writing?.remove?.(run, record) ?? removeRecord(run.trx, module, record, run.actor)

async function check(run: Run, module: Module, values: Values, before?: Stored) {
  await beginChange(run.trx, module)
  const errors = (await module.hooks?.check?.(run, values, before)) ?? []
  if (errors.length > 0) throw new Checked(errors)
}

/** Throws a refusal where an act is not done to a record, or not by this person. */
export function refuseBarred({ hooks }: Module, record: Stored, act: Act, viewer: Viewer) {
  const message = hooks?.barred?.(record, act, viewer)
  if (message) throw new Refusal({ status: 409, message })
}

type Refused = { values: Values; before?: Stored }

/** What is said at which field of an act that the database or a check refused; throws what is no refusal. */
export async function refusedBy(
  db: Knex,
  module: Module,
  error: unknown,
  { values, before }: Refused,
): Promise<FieldError[]> {
  if (error instanceof Checked) return error.errors
  const once = module.fields.filter(({ isUnique }) => isUnique)
  if (!isUniqueViolation(error) || once.length === 0) return refusedAt(module, error)
  const taken: ModuleField[] = []
  for (const field of once) if (await isTaken(db, module, field, values[field.name], before)) taken.push(field)
  const words = wordsOf(module)
  const said = ({ name, label }: ModuleField) => (name === module.title ? words.taken : words.takenBy(label))
  return (taken.length > 0 ? taken : once).map((field) => fieldError(field, said(field)))
}

/** Whether another record has a text that stands once. */
async function isTaken(db: Knex, module: Module, field: ModuleField, value: unknown, before: Stored | undefined) {
  if (value === null || value === undefined) return false
  const other = await allRows(db, module)
    .where({ [`${field.name}_key`]: foldKey(String(value)) })
    .first('id')
  return other !== undefined && other.id !== before?.id
}
