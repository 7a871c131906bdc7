import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { sumOf, whereIdIn } from '../../kernel/db/dialect.ts'
import { countPairs, type PairCount } from '../../kernel/db/pair-counts.ts'
import { throughIndex } from '../../kernel/db/with-ids.ts'
import { ownModulesAt } from '../../kernel/modules/own.ts'
import { applyFilters, countUpTo } from '../../kernel/web/list-rows.ts'
import type { Scope, Viewer } from '../../kernel/web/viewer.ts'
import { everybody } from '../../kernel/web/viewers.ts'
import { listQueryOf } from './asking.ts'
import { type Conditions, daysAsFilters, filtersOf } from './conditions.ts'
import type { Period } from './periods.ts'
import type { Asked } from './result.ts'
import { analysisKept, type Counts, keptName } from './sources.ts'

/** How many have two values at once, or the sum of a field of those; null for none. */
export type Pair = { first: string | null; second: string | null; count: number }

type What =
  | { kind: 'column'; column: string; values: string[] }
  | { kind: 'pairs'; columns: [string, string] }
  | { kind: 'periods'; periods: Period[] }
/** What is counted for whom, as it can be sent to another thread. */
export type Ask = What & {
  /** The analysis, as a saved report names it, at a revision. */
  analysis: string
  revision: number
  sum?: string
  filters: Record<string, string>
  owners: number[] | 'all'
}

const reachOf = ({ source, viewer }: Conditions): Scope => source.owned?.reach(viewer) ?? 'all'

const met = (db: Knex, conditions: Conditions) =>
  applyFilters(db, conditions.source.rows(db, conditions.viewer), filtersOf(conditions), listQueryOf(conditions))

/** The same for everybody's records, by the index that has all that is asked for, where there is one. */
function metOfAll(db: Knex, conditions: Conditions, columns: string[]) {
  const { source, filters } = conditions
  const { covered, list } = source
  const asked = [
    ...columns.map((column) => column.replace(`${list.table}.`, '')),
    ...Object.keys(filters).map((name) => name.replace(/_(from|to)$/, '')),
  ]
  const isCovered = covered && reachOf(conditions) === 'all' && asked.every((name) => covered.columns.includes(name))
  return isCovered ? throughIndex(db, met(db, conditions), list.table, covered.index) : met(db, conditions)
}

/** Rows counted, or a field of them added up, as `count`. */
const measured = (db: Knex, rows: Knex.QueryBuilder, { sum }: Conditions): Knex.QueryBuilder =>
  sum ? rows.select(sumOf(db, sum.column, 'count')) : rows.count({ count: '*' })

async function countAll(db: Knex, conditions: Conditions): Promise<number> {
  const row: { count: number } | undefined = await measured(db, met(db, conditions), conditions).first()
  return Number(row?.count ?? 0)
}

const isFlag = (column: string) => /\.(is|has)_/.test(column)

/** A stored value as the options have it. */
function keyOf(column: string, value: unknown): string | null {
  if (value === null) return null
  return isFlag(column) ? String(Boolean(value)) : String(value)
}

/**
 * Counts row by row what meets the conditions. Where no more than days are asked for the values are named, because SQLite
 * then takes the index of the column, which may hold the day too, without statistics (4 ms for a period with 100,000
 * customers; 50 ms without the names); with another condition beside, that index would have every row read.
 */
export async function countRows(db: Knex, column: string, values: string[], conditions: Conditions): Promise<Counts> {
  const isPlain = isOfDays(conditions)
  const rows = await (isPlain || conditions.sum
    ? measureValues(db, column, values, conditions)
    : countMet(db, [column, column], conditions))
  const counts = rows.map(({ first, count }): [string, number] => [String(keyOf(column, first)), Number(count ?? 0)])
  const total = isPlain ? await countAll(db, conditions) : counts.reduce((sum, [, count]) => sum + count, 0)
  const asked = new Set(values)
  return { total, countByValue: new Map(counts.filter(([value]) => isFlag(column) || asked.has(value))) }
}

function measureValues(db: Knex, column: string, values: string[], conditions: Conditions): Promise<PairCount[]> {
  const rows = isOfDays(conditions) ? named(met(db, conditions), column, values) : met(db, conditions)
  return measured(db, rows.groupBy(column).select({ first: column }), conditions) as never
}

const isOfDays = ({ filters }: Conditions) => Object.keys(filters).every((name) => /_(from|to)$/.test(name))

function named(rows: Knex.QueryBuilder, column: string, values: string[]) {
  if (isFlag(column)) return rows
  return column.endsWith('_id') ? whereIdIn(rows, column, values.map(Number)) : rows.whereIn(column, values)
}

/** Counts by two columns at once. */
async function pairsOf(db: Knex, columns: [string, string], conditions: Conditions): Promise<Pair[]> {
  const [first, second] = columns
  const pairs = await (conditions.sum ? sumPairs : countMet)(db, columns, conditions)
  return pairs.map((pair) => ({
    first: keyOf(first, pair.first),
    second: keyOf(second, pair.second),
    count: Number(pair.count ?? 0),
  }))
}

const countMet = (db: Knex, columns: [string, string], conditions: Conditions) =>
  countPairs(db, metOfAll(db, conditions, columns), columns)

const sumPairs = (db: Knex, [first, second]: [string, string], conditions: Conditions): Promise<PairCount[]> =>
  measured(db, met(db, conditions).groupBy(first, second).select({ first, second }), conditions) as never

/** Counts by days: each period is a part of one index. */
export async function countPeriods(db: Knex, periods: Period[], conditions: Conditions): Promise<number[]> {
  const counts: number[] = []
  for (const period of periods) {
    const filters = { ...conditions.filters, ...daysAsFilters(conditions.day, period) }
    counts.push(await countAll(db, { ...conditions, filters }))
  }
  return counts
}

/** Counts as asked from another thread; whom the asker reaches was found out there. */
export async function countAsked(db: Knex, asked: Ask): Promise<Counts | Pair[] | number[]> {
  const { owners, filters, analysis, revision, ...what } = asked
  await ownModulesAt(db, revision)
  const found = analysisKept(analysis)
  if (!found) throw new Error(`nothing is counted as ${analysis}`)
  const { source } = found
  const { day } = found.analysis
  const reach = owners === 'all' ? owners : new Set(owners)
  const viewer: Viewer = { ...everybody, scope: () => reach }
  const sum = source.sums.find(({ name }) => name === what.sum)
  return countWhat(db, what, { source, day, viewer, sum, filters, typed: {}, errors: [] })
}

/** In one transaction, so that on SQLite no record is saved between the total and its parts. */
const countWhat = (db: Knex, what: What, conditions: Conditions) =>
  db.transaction(
    async (trx): Promise<Counts | Pair[] | number[]> => {
      if (what.kind === 'column') return countRows(trx, what.column, what.values, conditions)
      if (what.kind === 'pairs') return pairsOf(trx, what.columns, conditions)
      return countPeriods(trx, what.periods, conditions)
    },
    { readOnly: true },
  )

/** Of more records counting is left to the thread: on SQLite nobody else's page would be answered meanwhile. */
const many = 20_000

async function isMuch({ db }: FastifyInstance, { source, viewer }: Conditions, reach: Scope): Promise<boolean> {
  if (source.quick) return (await source.quick.size(db, reach)) > many
  return (await countUpTo(db, source.rows(db, viewer), source.list.table, many)).isCapped
}

async function count({ app, analysis, revision }: Asked, what: What, conditions: Conditions) {
  const reach = reachOf(conditions)
  if (!(await isMuch(app, conditions, reach))) return countWhat(app.db, what, conditions)
  const { filters, sum } = conditions
  const owners = reach === 'all' ? reach : [...reach]
  return app.aside('count', { ...what, analysis: keptName(analysis), revision, sum: sum?.name, filters, owners })
}

/** The same where it disturbs nobody: in the tallies, here, or aside. */
export const counting = (asked: Asked, conditions = asked.conditions) => ({
  column: (column: string, values: string[]): Promise<Counts> => {
    const { source, filters, sum } = conditions
    const quick = sum ? undefined : source.quick?.counts(column, filters, reachOf(conditions))
    return quick
      ? asked.app.db.transaction((trx) => quick(trx, values), { readOnly: true })
      : (count(asked, { kind: 'column', column, values }, conditions) as Promise<Counts>)
  },
  pairs: (columns: [string, string]) => count(asked, { kind: 'pairs', columns }, conditions) as Promise<Pair[]>,
  periods: (periods: Period[]) => count(asked, { kind: 'periods', periods }, conditions) as Promise<number[]>,
})
