import type { Knex } from 'knex'
import { paginate } from '../db/dialect.ts'
import type { Reference } from '../reference.ts'
import { rowsInOrder } from './batched-scan.ts'
import type { Field } from './fields.ts'
import type { List, ListQuery, Part, Row, Total } from './list.ts'
import { countLimit, orderOf, reversed, soonCounted } from './list-order.ts'
import { countUpTo, type Found, foundPage, pagesOf, wayThrough } from './list-rows.ts'

/*
 * A list sorted by what is chosen shows the rows of one choice after the other, in the order of the choices, those of each
 * in the list's own order: each of these parts is the list narrowed to one value, which an index has ready. Sorting a
 * million rows by the place of their entry in a dictionary would take seconds.
 */

/** Of so few rows all are put in order at once. */
const few = 5_000

/** The parts of an order by a field that is chosen: what is not filled in comes first, as in every other order. */
export const choiceParts =
  (field: Field, column: string) =>
  (reference: Reference): Part[] => {
    const options = field.options?.(reference) ?? []
    return [null, ...options.map(({ value }) => (column.endsWith('_id') ? Number(value) : value))].map((value) => ({
      [column]: value,
    }))
  }

/** The list of each part, as a query of its own; the whole is one after the other. */
export const partQueries = ({ sort, ...query }: ListQuery): ListQuery[] =>
  (sort?.parts ?? []).filter(isWithin(query)).map((part) => ({ ...query, sort: null, part }))

/** Whether the filters leave anything of a part. */
const isWithin =
  ({ filters }: Pick<ListQuery, 'filters'>) =>
  (part: Part) =>
    Object.entries(part).every(([column, value]) => [undefined, String(value)].includes(filters[column]))

/** A page of a list in parts, and how many rows there are in all. */
export async function partedPage(db: Knex, list: List, query: ListQuery): Promise<Found> {
  const whole = { ...query, sort: null, page: 1 }
  const counted = await countOf(db, list, whole)
  const page = Math.min(query.page, pagesOf(counted.total, query.per))
  const offset = (page - 1) * query.per
  const sorted =
    counted.total <= few && !counted.isCapped ? await allInParts(db, list, whole, query.sort?.parts ?? []) : undefined
  if (sorted)
    return { ...counted, page, rows: await rowsInOrder(db, list, query, sorted.slice(offset, offset + query.per)) }
  const parts = partQueries(query)
  const known = groupsOf(db, list, whole, query.sort?.parts ?? [])
  const isNearEnd = !counted.isCapped && offset > counted.total / 2
  const left = Math.min(query.per, counted.total - offset)
  const rows = isNearEnd
    ? await lastRows(db, list, parts, { behind: counted.total - offset - left, size: left, known })
    : await firstRows(db, list, parts, { offset, size: query.per, isExact: !counted.isCapped, known })
  return { ...counted, page, rows }
}

type Known = (part: ListQuery) => Promise<Total | undefined>

/** How many rows each part has, where the list counts all of them in one go; that is done when it is first asked. */
function groupsOf(db: Knex, list: List, query: ListQuery, parts: Part[]): Known {
  const [column, ...others] = [...new Set(parts.flatMap(Object.keys))]
  if (!list.groups || column === undefined || others.length > 0) return async () => undefined
  let counting: ReturnType<NonNullable<List['groups']>> | undefined
  return async ({ part }) => {
    counting ??= list.groups?.(db, query, column)
    const groups = await counting
    return groups && { total: groups.get(String(part?.[column])) ?? 0, isCapped: false }
  }
}

type Counting = { isExact: boolean; known: Known }

/** How many rows a part has; where the whole was counted to its end, so is the part, for a place in it is looked for. */
async function countOfPart(db: Knex, list: List, query: ListQuery, { isExact, known }: Counting): Promise<Total> {
  const group = await known(query)
  if (group) return group
  const counted = await countOf(db, list, query)
  if (!counted.isCapped || !isExact) return counted
  const { rows } = await wayThrough(db, list, query)
  return countUpTo(db, rows(), list.table, Number.MAX_SAFE_INTEGER - 1)
}

const countOf = async (db: Knex, list: List, query: ListQuery): Promise<Total> =>
  (await list.count?.(db, query)) ?? (await foundPage(db, list, { ...query, page: 1 }))

type Piece = { offset: number; size: number }

/** So many parts are tried before all are counted, where that is soon done: the others may be empty too. */
const triedInVain = 2

async function firstRows(db: Knex, list: List, parts: ListQuery[], piece: Piece & Counting) {
  const rows: Row[] = []
  let passed = piece.offset
  for (const [at, part] of parts.entries()) {
    if (rows.length === piece.size) break
    const known = () => (at < triedInVain ? undefined : piece.known(part))
    const counted = passed > 0 ? await countOfPart(db, list, part, piece) : await known()
    if (counted && counted.total <= passed && !counted.isCapped) passed -= counted.total
    else {
      const found = await slice(
        db,
        list,
        part,
        { offset: passed, size: piece.size - rows.length },
        piece.isExact ? counted : undefined,
      )
      for (const row of found) rows.push(row)
      passed = 0
    }
  }
  return rows
}

type Ending = { behind: number; size: number; known: Known }

/** The rows behind which there are so many, from the last part on backwards. */
async function lastRows(db: Knex, list: List, parts: ListQuery[], { behind, size, known }: Ending) {
  const found: Row[][] = []
  let passed = behind
  let missing = size
  for (const part of parts.toReversed()) {
    if (missing === 0) break
    const counted = await countOfPart(db, list, part, { isExact: true, known })
    const end = counted.total - passed
    passed = Math.max(0, -end)
    if (end <= 0) continue
    const begin = Math.max(0, end - missing)
    const rows = await slice(db, list, part, { offset: begin, size: end - begin }, counted)
    found.unshift(rows)
    missing -= rows.length
  }
  return found.flat()
}

/** Some rows of one list from anywhere: out of the two pages they stand on at most, or from the nearer end of a long one. */
async function slice(db: Knex, list: List, query: ListQuery, { offset, size }: Piece, counted?: Total): Promise<Row[]> {
  if (counted && !counted.isCapped && counted.total > (list.groups ? soonCounted : countLimit))
    return sliceOfLong(db, list, query, { offset, size }, counted)
  const first = Math.floor(offset / query.per)
  const rows: Row[] = []
  for (const at of [first, first + 1]) {
    if (at * query.per >= offset + size) break
    const found = await foundPage(db, list, { ...query, page: at + 1 })
    if (found.page === at + 1) for (const row of found.rows) rows.push(row)
  }
  const from = offset - first * query.per
  return rows.slice(from, from + size)
}

async function sliceOfLong(db: Knex, list: List, query: ListQuery, { offset, size }: Piece, { total }: Total) {
  const { rows } = await wayThrough(db, list, query)
  const order = orderOf(list, query)
  if (offset < total / 2) return paginate(rows(), { order, offset, size })
  const left = Math.min(size, total - offset)
  const turned: Row[] = await paginate(rows(), {
    order: order.map(reversed),
    offset: total - offset - left,
    size: left,
  })
  return turned.reverse()
}

/** The ids of all rows of a short list in the order of its parts; undefined where they are found by looking through all. */
async function allInParts(db: Knex, list: List, query: ListQuery, parts: Part[]): Promise<number[] | undefined> {
  const { isWindowed, rows } = await wayThrough(db, list, query)
  if (isWindowed) return undefined
  const columns = [...new Set(parts.flatMap(Object.keys))]
  const found: Row[] = await rows()
    .clearSelect()
    .select([`${list.table}.id`, ...columns.map((column) => `${list.table}.${column}`)])
    .orderBy(orderOf(list, query))
  const place = placeAmong(parts)
  return found
    .map((row) => ({ id: row.id, place: place(row) }))
    .sort((a, b) => a.place - b.place)
    .map(({ id }) => id)
}

/** In which of the parts a row stands; behind all where in none. */
export function placeAmong(parts: Part[]): (row: Record<string, unknown>) => number {
  const sorts = new Map<string, { columns: string[]; places: Map<string, number> }>()
  for (const [at, part] of parts.entries()) {
    const columns = Object.keys(part)
    const sort = sorts.get(columns.join()) ?? { columns, places: new Map() }
    sort.places.set(valuesOf(columns, part), at)
    sorts.set(columns.join(), sort)
  }
  return (row) => {
    for (const { columns, places } of sorts.values()) {
      const place = places.get(valuesOf(columns, row))
      if (place !== undefined) return place
    }
    return parts.length
  }
}

const valuesOf = (columns: string[], row: Record<string, unknown>) =>
  columns.map((column) => row[column] ?? '').join('|')
