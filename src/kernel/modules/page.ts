import type { Knex } from 'knex'
import { type Order, paginate, unindexed } from '../db/dialect.ts'
import { rowsInOrder, windowPage } from '../web/batched-scan.ts'
import type { List, ListQuery, Total } from '../web/list.ts'
import { orderOf, reversed } from '../web/list-order.ts'
import { countUpTo, type Found, pagesOf } from '../web/list-rows.ts'
import { indexesOf } from './indexes.ts'
import { type Asked, askedRows, type Lead, readAsked } from './list-request.ts'
import type { Module } from './module.ts'
import { pageWithParts, partsIn } from './text-index.ts'
import { amongFirst, isFew, isLeadingToFew, type Way, wayTo } from './way.ts'

/** So many are sorted where they need not be read for it. */
const soonSorted = 200_000
/** So many are counted by what is chosen of them: each goes through a tree. */
const soonGrouped = 120_000

export const nothing: Found = { total: 0, isCapped: false, page: 1, rows: [] }

/**
 * A page of the list of a module at any size. A few matches are found by the index of the narrowest of what is asked for
 * and sorted; of many a page is met soon along the index of the order, whose entries say whatever can be asked for.
 */
export async function modulePage(db: Knex, module: Module, query: ListQuery, list: List): Promise<Found | undefined> {
  const asked = readAsked(module, query)
  if (!asked) return undefined
  if (asked.isNothing) return nothing
  const way = await wayTo(db, module, query, asked)
  if (asked.others.length > 0 && !isFew(way)) {
    const rows = () => askedRows(db, module, query, asked)
    const found =
      module.isTextIndexed && (await pageWithParts(db, module, partsIn(module, asked.others), { list, query, rows }))
    return found || windowPage(db, list, query, rows)
  }
  if (way.total === 0) return nothing
  const { total, isCapped } = way
  const page = Math.min(query.page, pagesOf(total, query.per))
  const offset = (page - 1) * query.per
  const isNearEnd = !isCapped && offset > total / 2
  const size = isNearEnd ? Math.min(query.per, total - offset) : query.per
  const order = isNearEnd ? orderOf(list, query).map(reversed) : orderOf(list, query)
  const piece = { order, offset: isNearEnd ? total - offset - size : offset, size }
  const ids = await idsOfPage(db, module, query, asked, { list, way, piece })
  return { total, isCapped, page, rows: await rowsInOrder(db, list, query, isNearEnd ? ids.reverse() : ids) }
}

type Piece = { order: Order[]; offset: number; size: number }
type Place = { list: List; way: Way; piece: Piece }

/** The ids of a page, by what leads to them soonest. */
async function idsOfPage(db: Knex, module: Module, query: ListQuery, asked: Asked, { list, way, piece }: Place) {
  const [first = list.order, ...others] = piece.order
  const column = first.column.split('.').at(-1) as string
  const find = async (lead: Lead, { isSorted = false } = {}): Promise<number[]> => {
    const rows = askedRows(db, module, query, asked, isSorted ? { ...lead, isSorted } : lead)
    const ordered = isSorted ? { ...first, column: unindexed(db, first.column) as string } : first
    return paginate(rows, { ...piece, order: [ordered, ...others] }).pluck(`${module.name}.id`) as never
  }
  if (await isSortShorter(db, module, piece.offset + piece.size, way)) return find(way, { isSorted: true })
  if (way.isChoice && first.column === list.order.column) return find(way)
  if (asked.wishes.some((wish) => 'days' in wish && wish.column === column)) return find({ column })
  if (!way.column) return find({})
  for (const most of looked.filter((most) => most > piece.offset)) {
    const met = await metSoon(db, module, query, asked, piece, most)
    if (met) return met
  }
  return (await areSoonSorted(db, module, query, asked, way, column)) ? find(way, { isSorted: true }) : find({})
}

/** So many entries of the index of an order are looked at before anything else is tried. */
const looked = [1_000, 20_000]

/** A page that stands within the first entries of the order; undefined where it does not, for what is asked for may be far behind. */
async function metSoon(db: Knex, module: Module, query: ListQuery, asked: Asked, piece: Piece, most: number) {
  const rows = amongFirst(db, module, query, { asked, order: piece.order, most })
  const ids: number[] = await paginate(rows, piece).pluck(`${module.name}.id`)
  return ids.length === piece.size ? ids : undefined
}

/** Whether what leads to the matches has what they are sorted by in its entries, and they are not too many for that. */
async function areSoonSorted(db: Knex, module: Module, query: ListQuery, asked: Asked, way: Way, column: string) {
  const { order, choices = [], spans = [] } = indexesOf(module)
  const isCarried =
    (way.column !== undefined && !spans.includes(way.column) && column === order) ||
    [...choices, ...spans].includes(column)
  if (!isCarried) return false
  return !(await countUpTo(db, askedRows(db, module, query, asked, way), module.name, soonSorted)).isCapped
}

/**
 * The rows of a list for whoever goes through all of them, chunk by chunk: by the index of their order, which begins each
 * chunk where the last one ended. Undefined where conditions are asked for, or something is looked for.
 */
export async function rowsToWalk(db: Knex, module: Module, query: ListQuery, list: List) {
  const asked = query.q ? undefined : readAsked(module, query)
  if (!asked || asked.others.length > 0) return undefined
  const way = await wayTo(db, module, query, asked)
  const isOwnOrder = orderOf(list, query)[0]?.column === list.order.column
  const lead = isFew(way) ? { ...way, isSorted: true } : way.isChoice && isOwnOrder ? way : {}
  return () => askedRows(db, module, query, asked, lead).select(`${module.name}.*`)
}

/** How many rows have each value of a choice, in one pass over what leads to those that are asked for, where that is soon done. */
export async function groupsOfModule(db: Knex, module: Module, query: ListQuery, column: string) {
  const asked = query.q ? undefined : readAsked(module, query)
  if (!asked || asked.isNothing || asked.others.length > 0) return undefined
  const way = await wayTo(db, module, query, asked)
  if (!(await isLeadingToFew(db, module, query, asked, way, soonGrouped))) return undefined
  const value = unindexed(db, `${module.name}.${column}`)
  const rows = askedRows(db, module, query, asked, { ...way, isSorted: true })
  const groups: { value: unknown; row_count: unknown }[] = await rows
    .groupBy(value as never)
    .select({ value: value as never })
    .count({ row_count: '*' })
  return new Map(groups.map(({ value, row_count }) => [String(value), Number(row_count)]))
}

/** How many rows of a module a list is asked for; undefined where finding a page tells it. */
export async function countOfModule(db: Knex, module: Module, query: ListQuery): Promise<Total | undefined> {
  const asked = query.q ? undefined : readAsked(module, query)
  if (asked?.isNothing) return nothing
  return asked && asked.others.length === 0 ? wayTo(db, module, query, asked) : undefined
}

/** Sorting reads every match; walking reads, for each row up to the end of the page, all that stand between two matches. */
async function isSortShorter(db: Knex, { name }: Module, passed: number, way: Way) {
  if (way.isCapped || way.column === undefined) return false
  if (isFew(way)) return true
  const highest = await db(name).max({ id: 'id' }).first()
  return way.total * way.total <= passed * Number(highest?.id ?? 0)
}
