import type { Knex } from 'knex'
import { isUniqueViolation } from '../db/dialect.ts'
import { foldKey } from '../db/fold-key.ts'
import { type FieldError, fieldError, type Values } from '../web/form.ts'
import { Refusal } from '../web/refusal.ts'
import { wordsOf } from './catalogue.ts'
import type { Module, ModuleField, Run, Stored } from './module.ts'
import { addRecord, beginChange, saveRecord } from './records.ts'

/** A check of the declaration found something at these fields. */
class Checked extends Error {
  readonly errors: FieldError[]
  constructor(errors: FieldError[]) {
    super()
    this.errors = errors
  }
}

/** Adds a record with what its declaration asks before and does after. Throws what `refusedBy` reads. */
export async function addChecked(run: Run, module: Module, values: Values): Promise<Stored> {
  let record: Stored | undefined
  await checked(run, module, values, undefined, async () => {
    record = await addRecord(run.trx, module, values, run.actor)
    await module.hooks?.saved?.(run, record)
  })
  return record as Stored
}

/** Saves a record likewise; throws Stale where it no longer stands at `version`. */
export const saveChecked = (run: Run, module: Module, before: Stored, save: { version: number; values: Values }) =>
  checked(run, module, save.values, before, async () => {
    await saveRecord(run.trx, module, before, { ...save, actor: run.actor, reference: run.reference })
    await module.hooks?.saved?.(run, { ...before, ...save.values }, before)
  })

async function checked(
  run: Run,
  module: Module,
  values: Values,
  before: Stored | undefined,
  write: () => Promise<void>,
) {
  await beginChange(run.trx, module)
  const errors = (await module.hooks?.check?.(run, values, before)) ?? []
  if (errors.length > 0) throw new Checked(errors)
  await (module.hooks?.around?.(run, values, before, write) ?? write())
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
  if (error instanceof Refusal) {
    const field = module.fields.find(({ name }) => name === error.field)
    if (field) return [fieldError(field, error.message)]
  }
  if (!isUniqueViolation(error)) throw error
  const once = module.fields.filter(({ isUnique }) => isUnique)
  const taken: ModuleField[] = []
  for (const field of once) if (await isTaken(db, module, field, values[field.name], before)) taken.push(field)
  const words = wordsOf(module)
  const said = ({ name, label }: ModuleField) => (name === module.title ? words.taken : words.takenBy(label))
  return (taken.length > 0 ? taken : once).map((field) => fieldError(field, said(field)))
}

/** Whether another record has a text that stands once. */
async function isTaken(db: Knex, { name }: Module, field: ModuleField, value: unknown, before: Stored | undefined) {
  if (value === null || value === undefined) return false
  const other = await db(name)
    .where({ [`${field.name}_key`]: foldKey(String(value)) })
    .first('id')
  return other !== undefined && other.id !== before?.id
}
