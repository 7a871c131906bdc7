import type { Knex } from 'knex'
import { addEach } from './add-each.ts'
import { insertAll } from './dialect.ts'
import { prepared } from './prepared.ts'

/*
 * How many living records of a module have a value is counted as they are saved, for the totals of its list: counting a
 * million rows for a page of ten took 130 ms.
 */

type Row = Record<string, unknown>
/** The tallies a record stands in, by their names. */
type NamesOf = (record: Row) => string[]

/** The tally of all living records. */
export const everyone = 'all'
export const tallyName = (column: string, value: unknown) => `${column}:${value}`

/** The tallies of a record by the values it has in some columns, beside that of all. */
export const namesIn = (columns: readonly string[], record: Row): string[] => [
  everyone,
  ...columns.filter((column) => (record[column] ?? null) !== null).map((column) => tallyName(column, record[column])),
]

/**
 * `added` and `removed` are the records as they stand after and before; both for a change. Call it in the transaction of
 * the save.
 */
export async function countRecords(
  trx: Knex,
  module: string,
  namesOf: NamesOf,
  { added = [], removed = [] }: { added?: Row[]; removed?: Row[] },
) {
  const steps = new Map<string, number>()
  const step = (record: Row, by: number) => {
    for (const name of namesOf(record)) steps.set(name, (steps.get(name) ?? 0) + by)
  }
  for (const record of added) step(record, 1)
  for (const record of removed) step(record, -1)
  await move(
    trx,
    module,
    [...steps].filter(([, by]) => by !== 0),
  )
}

type Step = [name: string, by: number]

/** In the order of their names, so that two who save on SQL Server do not wait for each other. */
async function move(trx: Knex, module: string, steps: Step[]) {
  const sorted = steps.toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (let at = 0; at < sorted.length; at += stepsAtOnce)
    await moveSome(trx, module, sorted.slice(at, at + stepsAtOnce))
}

/** Three parameters each; SQL Server takes 2,100. */
const stepsAtOnce = 400

async function moveSome(trx: Knex, module: string, steps: Step[]) {
  const names = steps.map(([name]) => name)
  const count = await addEach(trx, 'tallies', { module }, { column: 'name', number: 'row_count', steps })
  if (count === names.length) return
  const present = new Set<string>(await trx('tallies').where({ module }).whereIn('name', names).pluck('name'))
  const missing = steps.filter(([name]) => !present.has(name))
  await trx('tallies').insert(missing.map(([name, row_count]) => ({ module, name, row_count })))
}

/** After all records with one value were given another: moves what was counted. */
export async function moveTally(trx: Knex, module: string, column: string, from: string | number, to: string | number) {
  const moved = await tallyOf(trx, module, tallyName(column, from))
  if (moved === 0) return
  await move(trx, module, [[tallyName(column, to), moved]])
  await removeTally(trx, module, tallyName(column, from))
}

export const removeTally = (trx: Knex, module: string, name: string) => trx('tallies').where({ module, name }).delete()

const tallyRow = prepared<{ module: string; name: string }, { row_count: number }>(
  ['module', 'name'],
  (db, { module, name }) => db('tallies').where({ module, name }).select('row_count'),
)

/** How many living records there are with a value (or `everyone`). */
export async function tallyOf(db: Knex, module: string, name: string): Promise<number> {
  const [row] = await tallyRow(db, { module, name })
  return row?.row_count ?? 0
}

/** The tallies of several values of one column, by value. */
export async function talliesOf(
  db: Knex,
  module: string,
  column: string,
  values: (string | number)[],
): Promise<Map<string, number>> {
  const names = values.map((value) => tallyName(column, value))
  const rows: { name: string; row_count: number }[] = await db('tallies')
    .where({ module })
    .whereIn('name', names)
    .select('name', 'row_count')
  return new Map(rows.map(({ name, row_count }) => [name.slice(column.length + 1), row_count]))
}

/** Counts all records of a table anew, for a migration that begins to count them; `living` narrows to what is counted. */
export async function countAnew(
  trx: Knex,
  module: string,
  columns: readonly string[],
  living: () => Knex.QueryBuilder,
) {
  await trx('tallies').where({ module }).delete()
  const all = await living().count({ row_count: '*' }).first()
  const tallies = [{ module, name: everyone, row_count: Number(all?.row_count ?? 0) }]
  for (const column of columns) {
    const counted: { value: unknown; row_count: number }[] = await living()
      .whereNotNull(column)
      .groupBy(column)
      .select({ value: column })
      .count({ row_count: '*' })
    for (const { value, row_count } of counted)
      tallies.push({ module, name: tallyName(column, value), row_count: Number(row_count) })
  }
  await insertAll(trx, 'tallies', tallies)
}
