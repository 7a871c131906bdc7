import type { Knex } from 'knex'
import { unindexed, whereIdIn } from '../db/dialect.ts'
import { applyConditions, type Condition, inDays } from '../web/conditions.ts'
import { link, linkedId } from '../web/link-kind.ts'
import type { ListQuery } from '../web/list.ts'
import { listedFields } from './link-columns.ts'
import { rowsSeen } from './link-names.ts'
import { givenColumn, type Module, type ModuleField, rightOf } from './module.ts'
import { askingFor, ownedRows } from './reach.ts'
import { allRows } from './rows.ts'

type Value = string | number | null
type Days = { from?: string; to?: string }
/** One thing that the list of a module is asked for: a value of a column, a record of `to`, or days, whose ends may be open. */
export type Wish = { column: string; value: Value; to?: string | undefined } | InDays
type InDays = { column: string; days: Days; isInstant: boolean }

/** What the list of a module is asked for, as far as its indexes answer it (db/list-indexes.ts). */
export type Asked = {
  wishes: Wish[]
  /** Whose records this person reaches, where not everybody's; of several people. */
  owners: ReadonlySet<number> | undefined
  /** Conditions that the rows are looked through for. */
  others: Condition[]
  /** Whether this person reaches nothing of it. */
  isNothing: boolean
}

/** Reads it; undefined where a filter is asked for that the declaration does not know. */
export function readAsked(module: Module, query: ListQuery): Asked | undefined {
  const wishes: Wish[] = Object.entries(query.part ?? {}).map(([column, value]) => ({ column, value }))
  const filters = new Set(Object.keys(query.filters))
  for (const field of listedFields(module).filter(({ isFilter }) => isFilter)) {
    const { name, kind } = field
    const ends = [`${name}_from`, `${name}_to`] as const
    const [value, from, to] = [name, ...ends].map((one) => query.filters[one])
    for (const one of [name, ...ends]) filters.delete(one)
    if (from || to) wishes.push({ column: name, days: { from, to }, isInstant: kind.control === 'instant' } as Wish)
    if (value !== undefined) wishes.push(wishFor(field, value))
  }
  if (filters.size > 0) return undefined
  const others: Condition[] = []
  for (const condition of query.conditions ?? []) {
    const wish = wishOf(module, condition)
    if (wish) wishes.push(wish)
    else others.push(condition)
  }
  return { wishes, others, ...ownersOf(module, query, wishes) }
}

function wishFor({ name, kind, to }: ModuleField, value: string): Wish {
  if (kind === link) return { column: name, value: linkedId(value) ?? 0, to }
  return { column: name, value: name.endsWith('_id') ? Number(value) : value }
}

/** The wish of a condition about one value or a span, of a field that is a filter and so has an index. */
function wishOf(module: Module, { field, operator, values }: Condition): Wish | undefined {
  const known = listedFields(module).find(({ name }) => name === field.name)
  if (!known?.isFilter || known.kind.isMany || field.column !== `${module.name}.${field.name}`) return undefined
  const column = field.name
  if (operator === 'empty') return { column, value: null }
  if (operator === 'between' && known.kind.control === 'day') {
    const [from, to] = values.map((value) => (value === null ? undefined : String(value)))
    return { column, days: { from, to } as Days, isInstant: false }
  }
  const isOne = (operator === 'is' || operator === 'in') && values.length === 1
  if (isOne && known.kind === link)
    return linkedId(String(values[0])) === undefined ? undefined : wishFor(known, String(values[0]))
  return isOne && known.options ? { column, value: values[0] as Value } : undefined
}

/** Whose records a person's rights leave of what is asked for; nothing to say where one person's are asked for anyway. */
function ownersOf(module: Module, { viewer }: ListQuery, wishes: Wish[]): Pick<Asked, 'owners' | 'isNothing'> {
  const column = givenColumn(module)
  // What was given to others is reached beside: each row tells that.
  const reach = column === undefined || module.giver ? 'all' : viewer.scope(rightOf(module, 'view'))
  if (reach === 'all') return { owners: undefined, isNothing: false }
  const asked = wishes.find((wish) => wish.column === column && 'value' in wish)
  if (!asked || !('value' in asked)) return { owners: reach, isNothing: reach.size === 0 }
  return { owners: undefined, isNothing: !reach.has(asked.value as number) }
}

/**
 * How the rows are found: by the index of a column (`lead`), else by that of the order. Those that are sorted by something
 * else than what leads to them must not be found by that.
 */
export type Lead = { column?: string | undefined; isChoice?: boolean; isSorted?: boolean }

/** The rows of a module that are asked for; what does not lead to them is looked at in the entries of what does. */
export function askedRows(
  db: Knex,
  module: Module,
  query: ListQuery,
  asked: Asked,
  lead: Lead = {},
): Knex.QueryBuilder {
  const { name } = module
  const place = (column: string) => {
    const whole = `${name}.${column}`
    return (column === lead.column ? whole : unindexed(db, whole)) as string
  }
  const rows = allRows(db, module)
  // Behind choices it would be taken for the better way to begin.
  const isBehind = lead.isSorted && !asked.wishes.some((wish) => 'days' in wish && wish.column === lead.column)
  if (module.bin) rows.whereNull(isBehind ? place('deleted_at') : `${name}.deleted_at`)
  for (const wish of asked.wishes)
    if ('days' in wish) inTheDays(rows, place(wish.column), wish)
    else if (wish.value === null) rows.whereNull(place(wish.column))
    else {
      rows.where(place(wish.column), wish.value)
      if (wish.to !== undefined)
        whereSeen(rows, name, rowsSeen({ db, viewer: query.viewer }, wish.to, [Number(wish.value)]))
    }
  applyConditions(rows, asked.others, { db, viewer: query.viewer })
  if (asked.isNothing) return rows.where(`${name}.id`, 0)
  const column = givenColumn(module)
  // What is shared is found by another index than what is one's own: neither leads, or both do.
  const ofPerson = module.personal === lead.column ? undefined : place
  if (column === undefined || module.giver)
    return ownedRows(db, rows, module, askingFor(module, query.viewer, 'view'), ofPerson)
  return asked.owners ? whereIdIn(rows, place(column), [...asked.owners]) : rows
}

/** No rows at all where this person must not see the record they point at. */
function whereSeen(rows: Knex.QueryBuilder, table: string, ways: Knex.QueryBuilder[]) {
  if (ways.length === 0) return rows.whereIn(`${table}.id`, [])
  return rows.where((any) => {
    for (const seen of ways) any.orWhereExists(seen)
  })
}

function inTheDays(rows: Knex.QueryBuilder, column: string, { days: { from, to }, isInstant }: InDays) {
  if (isInstant) inDays(rows, column, from, to)
  else {
    if (from) rows.where(column, '>=', from)
    if (to) rows.where(column, '<=', to)
  }
}
