import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { visibleCustomers } from '../../customers/customers/customer.ts'
import { countWithin, everyone, talliesOf, tallyOf } from '../../customers/customers/tallies.ts'
import { whereIdIn } from '../../kernel/db/dialect.ts'
import { applyFilters } from '../../kernel/web/list-page.ts'
import { everybody } from '../../kernel/web/viewer.ts'
import { conditionFilters } from './analyses.ts'
import { type Conditions, listQueryOf } from './conditions.ts'
import type { Period } from './periods.ts'

/** Customers by the value they have in a column, and all together; those without a value are in the total only. */
export type Counts = { total: number; countByValue: Map<string, number> }
/** How many have two values at once; null for none. */
export type Pair = { first: string | null; second: string | null; count: number }

type What =
  | { kind: 'column'; column: string; values: string[] }
  | { kind: 'pairs'; columns: [string, string] }
  | { kind: 'periods'; periods: Period[] }
/** What is counted for whom, as it can be sent to another thread. */
export type Ask = What & { filters: Record<string, string>; owners: number[] | 'all' }

const reachOf = ({ viewer }: Conditions) => viewer.reach('analysis.view')

/**
 * Counts the customers that meet the conditions by `column`; of everybody's without conditions the tallies know it already. In one
 * transaction, so that on SQLite no customer is saved between the total and its parts.
 */
export function countBy(db: Knex, column: string, values: string[], conditions: Conditions): Promise<Counts> {
  return db.transaction(
    (trx) =>
      isTallied(column, conditions)
        ? readTallies(trx, column, values, conditions)
        : countRows(trx, column, values, conditions),
    { readOnly: true },
  )
}

/** Everybody's customers, all or those of one place by the places in it: no row need be read. */
function isTallied(column: string, conditions: Conditions): boolean {
  const said = Object.keys(conditions.filters)
  const above = { city_code: 'province_code', district_code: 'city_code' }[column]
  return reachOf(conditions) === 'all' && said.every((name) => name === above || (above && name === 'province_code'))
}

async function readTallies(db: Knex, column: string, values: string[], { filters }: Conditions): Promise<Counts> {
  const { city_code, province_code } = filters
  const whole = city_code ? `city_code:${city_code}` : province_code ? `province_code:${province_code}` : everyone
  return { total: await tallyOf(db, whole), countByValue: await talliesOf(db, column, values) }
}

const met = (db: Knex, conditions: Conditions) =>
  applyFilters(visibleCustomers(db, conditions.viewer, 'analysis.view'), conditionFilters, listQueryOf(conditions))

async function countAll(rows: Knex.QueryBuilder): Promise<number> {
  const row: { customer_count: number } | undefined = await rows.count({ customer_count: '*' }).first()
  return Number(row?.customer_count ?? 0)
}

/**
 * Counts row by row what meets the conditions. The values are named because SQLite then takes the index of the column,
 * which holds the day too, without statistics (4 ms for a period with 100,000 customers; 50 ms without the names).
 */
export async function countRows(db: Knex, column: string, values: string[], conditions: Conditions): Promise<Counts> {
  const total = await countAll(met(db, conditions))
  const name = `customers.${column}`
  const chosen = met(db, conditions)
  const named = column.endsWith('_id') ? whereIdIn(chosen, name, values.map(Number)) : chosen.whereIn(name, values)
  const rows: { value: unknown; customer_count: number }[] = await named
    .groupBy(name)
    .select({ value: name })
    .count({ customer_count: '*' })
  return { total, countByValue: new Map(rows.map(({ value, customer_count }) => [String(value), customer_count])) }
}

/** Counts by two columns at once. */
export async function countPairs(db: Knex, columns: [string, string], conditions: Conditions): Promise<Pair[]> {
  const [first, second] = columns.map((column) => `customers.${column}`) as [string, string]
  const rows: { first: unknown; second: unknown; customer_count: number }[] = await met(db, conditions)
    .groupBy(first, second)
    .select({ first, second })
    .count({ customer_count: '*' })
  const written = (value: unknown) => (value === null ? null : String(value))
  return rows.map((row) => ({ first: written(row.first), second: written(row.second), count: row.customer_count }))
}

/** Counts by day of registration: each period is a part of one index. */
export async function countPeriods(db: Knex, periods: Period[], conditions: Conditions): Promise<number[]> {
  const counts: number[] = []
  for (const { from, to } of periods) {
    const filters = { ...conditions.filters, registered_on_from: from, registered_on_to: to }
    counts.push(await countAll(met(db, { ...conditions, filters })))
  }
  return counts
}

/** Counts as asked from another thread; whom the asker reaches was found out there. */
export function countAsked(db: Knex, { owners, filters, ...what }: Ask): Promise<Counts | Pair[] | number[]> {
  const reach = owners === 'all' ? owners : new Set(owners)
  const conditions = { viewer: { ...everybody, reach: () => reach }, filters, typed: {}, errors: [] }
  return db.transaction(
    async (trx): Promise<Counts | Pair[] | number[]> => {
      if (what.kind === 'column') return countRows(trx, what.column, what.values, conditions)
      if (what.kind === 'pairs') return countPairs(trx, what.columns, conditions)
      return countPeriods(trx, what.periods, conditions)
    },
    { readOnly: true },
  )
}

/** Of more customers counting is left to the thread: on SQLite nobody else's page would be answered meanwhile. */
const many = 20_000

async function count(app: FastifyInstance, what: What, conditions: Conditions) {
  const reach = reachOf(conditions)
  const ask: Ask = { ...what, filters: conditions.filters, owners: reach === 'all' ? reach : [...reach] }
  return (await countWithin(app.db, reach)) > many ? app.aside('count', ask) : countAsked(app.db, ask)
}

/** The same where it disturbs nobody: in the tallies, here, or aside. */
export const counting = (app: FastifyInstance, conditions: Conditions) => ({
  column: (column: string, values: string[]) =>
    isTallied(column, conditions)
      ? countBy(app.db, column, values, conditions)
      : (count(app, { kind: 'column', column, values }, conditions) as Promise<Counts>),
  pairs: (columns: [string, string]) => count(app, { kind: 'pairs', columns }, conditions) as Promise<Pair[]>,
  periods: (periods: Period[]) => count(app, { kind: 'periods', periods }, conditions) as Promise<number[]>,
})
