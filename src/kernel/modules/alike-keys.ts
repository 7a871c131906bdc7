import type { Knex } from 'knex'
import { parsePhone } from '../china/phone.ts'
import { insertAll } from '../db/dialect.ts'
import { foldKey } from '../db/fold-key.ts'
import { readSettings } from '../settings/settings.ts'
import type { Values } from '../web/form.ts'
import { fieldNamed, type Module, type Stored } from './module.ts'

/** What two records of a module share that are perhaps one: by which of its rules, and the key of what they share. */
export type AlikeKey = { rule: number; value_key: string }

export const alikeTable = 'module_keys'
const recordsAtOnce = 400
/** Of a text with more numbers the first ones tell enough. */
const mostParts = 5
const between = '\u001f'

/** The keys of a record by the rules of its module; `areaCode` is the company's own, for numbers written without one. */
export function alikeKeys(module: Module, values: Values, areaCode: string): AlikeKey[] {
  return (module.alike ?? []).flatMap(({ fields }, rule) => {
    const parts = fields.map((name) => partsOf(module, name, values[name], areaCode))
    const whole = parts.reduce<string[]>(
      (begun, part) => begun.flatMap((text) => part.map((one) => (text ? text + between + one : one))),
      [''],
    )
    const keys = new Set(whole.filter(Boolean).map(foldKey))
    return [...keys].map((value_key) => ({ rule, value_key }))
  })
}

/** What a value is compared by; nothing where there is none. A text with telephone numbers is each of them. */
function partsOf(module: Module, name: string, value: unknown, areaCode: string): string[] {
  if (value === null || value === undefined || value === '') return []
  if (fieldNamed(module, name).kind.control !== 'phone') return [String(value)]
  return parsePhone(String(value), areaCode).keys.slice(0, mostParts)
}

/** Whether a rule of the module is about telephone numbers, whose keys follow the company's own area code. */
export const isAboutPhones = (module: Module): boolean =>
  module.alike?.some(({ fields }) => fields.some((name) => fieldNamed(module, name).kind.control === 'phone')) ?? false

export const areaCodeFor = async (db: Knex, module: Module): Promise<string> =>
  isAboutPhones(module) ? (await readSettings(db)).areaCode : ''

/** Records that are held in memory are few: they are compared as they stand, without keys beside them. */
const isKeyed = ({ alike, isReference }: Module) => alike && !isReference

/** The ids of at most `most` records with a key, the newest first. */
export async function holdersOf(db: Knex, module: Module, key: AlikeKey, most: number): Promise<number[]> {
  const { name } = module
  if (isKeyed(module))
    return db(alikeTable)
      .where({ module: name, ...key })
      .orderBy('record_id', 'desc')
      .limit(most)
      .pluck('record_id')
  const areaCode = await areaCodeFor(db, module)
  const rows: Stored[] = await db(name).orderBy('id', 'desc')
  const isHeld = (row: Stored) =>
    alikeKeys(module, row, areaCode).some(({ rule, value_key }) => rule === key.rule && value_key === key.value_key)
  return rows
    .filter(isHeld)
    .slice(0, most)
    .map(({ id }) => id)
}

/** Brings the keys of records to what they are now. Call it in the transaction that writes them. */
export async function keyRecords(trx: Knex, module: Module, records: Stored[]) {
  if (!isKeyed(module) || records.length === 0) return
  const areaCode = await areaCodeFor(trx, module)
  for (let at = 0; at < records.length; at += recordsAtOnce) {
    const some = records.slice(at, at + recordsAtOnce)
    await unkeyRecords(
      trx,
      module,
      some.map(({ id }) => id),
    )
    const rows = some.flatMap((record) =>
      alikeKeys(module, record, areaCode).map((key) => ({ module: module.name, ...key, record_id: record.id })),
    )
    await insertAll(trx, alikeTable, rows)
  }
}

/** Records that are gone for good have no keys any more. */
export async function unkeyRecords(trx: Knex, { name, alike }: Module, ids: number[]) {
  if (alike && ids.length > 0) await trx(alikeTable).where({ module: name }).whereIn('record_id', ids).delete()
}

/** Makes the keys of the next records behind one anew, after the rule they follow changed; answers the last, if there is one. */
export async function rekeyAfter(trx: Knex, module: Module, last: number): Promise<number | undefined> {
  const rows: Stored[] = await trx(module.name).where('id', '>', last).orderBy('id').limit(recordsAtOnce)
  await keyRecords(trx, module, rows)
  return rows.at(-1)?.id
}

/** The same of all records: for a migration that comes with a rule. */
export async function rekeyRecords(trx: Knex, module: Module) {
  await trx(alikeTable).where({ module: module.name }).delete()
  for (let last: number | undefined = 0; last !== undefined; ) last = await rekeyAfter(trx, module, last)
}
