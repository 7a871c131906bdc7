import type { Knex } from 'knex'
import { insertAll } from '../db/dialect.ts'
import type { Values } from '../web/form.ts'
import { joined, valuesIn } from '../web/multi-value.ts'
import type { Linked, ModuleField } from './module.ts'

type Linking = { fields: readonly ModuleField[] }
type Record = { id: number; [name: string]: unknown }

const idsAtOnce = 1_000

const linkedFields = ({ fields }: Linking) => fields.flatMap(({ name, linked }) => (linked ? [{ name, linked }] : []))
const idsIn = (value: unknown): number[] => valuesIn(value).map(Number)

/** Rows with the values that stand in tables of their own: of each such field ids joined by commas, or null. */
export async function withLinked<R extends { id: number }>(db: Knex, module: Linking, rows: R[]): Promise<R[]> {
  let whole = rows
  for (const { name, linked } of linkedFields(module)) {
    const found = await valuesOf(
      db,
      linked,
      rows.map(({ id }) => id),
    )
    whole = whole.map((row) => ({ ...row, [name]: joined(found.get(row.id) ?? []) }))
  }
  return whole
}

async function valuesOf(db: Knex, { table, record, value }: Linked, ids: number[]): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>()
  for (let at = 0; at < ids.length; at += idsAtOnce)
    for (const row of await db(table)
      .whereIn(record, ids.slice(at, at + idsAtOnce))
      .select(record, value))
      found.set(row[record], [...(found.get(row[record]) ?? []), row[value]])
  return found
}

/** Values without those in such fields that were deleted meanwhile. */
export async function withLivingLinked(db: Knex, module: Linking, list: Values[]): Promise<Values[]> {
  let living = list
  for (const { name, linked } of linkedFields(module)) {
    const wanted = [...new Set(list.flatMap((values) => idsIn(values[name])))]
    const there = new Set<number>(wanted.length > 0 ? await db(linked.of).whereIn('id', wanted).pluck('id') : [])
    if (there.size === wanted.length) continue
    const kept = (values: Values) => joined(idsIn(values[name]).filter((id) => there.has(id)))
    living = living.map((values) => (name in values ? { ...values, [name]: kept(values) } : values))
  }
  return living
}

/** Brings such values of a record, as far as something is said of them, to what it has after a save. */
export async function saveLinked(trx: Knex, module: Linking, after: Record, before?: Record) {
  for (const { name, linked } of linkedFields(module)) {
    if (!(name in after) || (after[name] ?? null) === (before?.[name] ?? null)) continue
    const [had, has] = [idsIn(before?.[name]), idsIn(after[name])]
    const gone = had.filter((id) => !has.includes(id))
    if (gone.length > 0)
      await trx(linked.table)
        .where({ [linked.record]: after.id })
        .whereIn(linked.value, gone)
        .delete()
    await addLinked(trx, linked, [{ id: after.id, values: has.filter((id) => !had.includes(id)) }])
  }
}

/** Gives new records such values. */
export function addLinked(trx: Knex, { table, record, value }: Linked, records: { id: number; values: number[] }[]) {
  const pairs = records.flatMap(({ id, values }) => values.map((one) => ({ [record]: id, [value]: one })))
  return insertAll(trx, table, pairs)
}

/** Takes such values of records out of the database. */
export async function eraseLinked(trx: Knex, module: Linking, ids: number[]) {
  for (const { linked } of linkedFields(module)) await trx(linked.table).whereIn(linked.record, ids).delete()
}

/** What of values stands in columns. */
export const withoutLinked = ({ fields }: Linking, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !fields.some((one) => one.name === name && one.linked)))
