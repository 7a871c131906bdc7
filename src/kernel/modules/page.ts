import type { Knex } from 'knex'
import { paginate, unindexed } from '../db/dialect.ts'
import type { List, ListQuery, Total } from '../web/list.ts'
import { orderOf, reversed } from '../web/list-order.ts'
import { countUpTo, type Found, pagesOf } from '../web/list-rows.ts'
import { rowsInOrder, windowPage } from '../web/list-window.ts'
import { isDense } from '../web/reach.ts'
import { type Asked, askedRows, type Lead, readAsked } from './list-request.ts'
import { givenColumn, type Module } from './module.ts'

/** So few rows are sorted, or looked at one by one, however they lie in the order. */
const few = 5_000

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
  if (asked.others.length > 0 && !isFew(way))
    return windowPage(db, list, query, () => askedRows(db, module, query, asked))
  const page = Math.min(query.page, pagesOf(way.total, query.per))
  const offset = (page - 1) * query.per
  const isNearEnd = !way.isCapped && offset > way.total / 2
  const size = isNearEnd ? Math.min(query.per, way.total - offset) : query.per
  const [first = list.order, ...others] = isNearEnd ? orderOf(list, query).map(reversed) : orderOf(list, query)
  const isSorted = await isSortShorter(db, module, offset + size, way)
  const column = first.column.split('.').at(-1)
  const isSpanned = !isSorted && asked.wishes.some((wish) => 'days' in wish && wish.column === column)
  const isLed = isSorted || (way.isChoice && first.column === list.order.column)
  const rows = askedRows(db, module, query, asked, isLed ? { ...way, isSorted } : isSpanned ? { column } : {})
  const found: { id: number }[] = await paginate(rows.select(`${list.table}.id`), {
    order: [{ ...first, column: isSorted ? (unindexed(db, first.column) as string) : first.column }, ...others],
    offset: isNearEnd ? way.total - offset - size : offset,
    size,
  })
  const ids = found.map(({ id }) => id)
  const { total, isCapped } = way
  return { total, isCapped, page, rows: await rowsInOrder(db, list, query, isNearEnd ? ids.reverse() : ids) }
}

/** How many rows of a module a list is asked for; undefined where finding a page tells it. */
export async function countOfModule(db: Knex, module: Module, query: ListQuery): Promise<Total | undefined> {
  const asked = query.q ? undefined : readAsked(module, query)
  if (asked?.isNothing) return nothing
  return asked && asked.others.length === 0 ? wayTo(db, module, query, asked) : undefined
}

/** How many rows are asked for, and the column that leads to them; a choice does so in the list's own order. */
type Way = Total & Pick<Lead, 'column' | 'isChoice'>

export const isFew = ({ total, isCapped, column }: Way) => column !== undefined && !isCapped && total <= few

/** With conditions that no index answers the rows are looked at only where they are few without them. */
export async function wayTo(db: Knex, module: Module, query: ListQuery, asked: Asked): Promise<Way> {
  const lead = await narrowest(db, module, query, asked)
  const count = (asked: Asked) => countUpTo(db, askedRows(db, module, query, asked, lead), module.name)
  const counted = await count({ ...asked, others: [] })
  const way = { ...counted, column: lead.column, isChoice: lead.isChoice ?? false }
  return asked.others.length > 0 && isFew(way) ? { ...way, ...(await count(asked)) } : way
}

/** Counted first up to here, to know which of several wishes leads to the fewest rows; the next where all lead to more. */
const limits = [few, 20 * few]

async function narrowest(db: Knex, module: Module, query: ListQuery, asked: Asked): Promise<Lead> {
  const alone = { wishes: [], owners: undefined, others: [], isNothing: false }
  const ways = asked.wishes.map((wish) => ({
    asked: { ...alone, wishes: [wish] },
    lead: { column: wish.column, isChoice: 'value' in wish },
  }))
  const { owners } = asked
  if (owners)
    ways.push({
      asked: { ...alone, owners } as never,
      lead: { column: givenColumn(module) as string, isChoice: owners.size === 1 },
    })
  if (ways.length < 2) return ways[0]?.lead ?? {}
  // Records of many people are met everywhere, unless these have few.
  const isScattered = owners !== undefined && isDense(owners)
  for (const limit of limits) {
    const counted = []
    const left = limit === few || !isScattered ? ways : ways.slice(0, -1)
    if (left.length < 2) return left[0]?.lead ?? {}
    for (const { asked, lead } of left) {
      const { total, isCapped } = await countUpTo(db, askedRows(db, module, query, asked, lead), module.name, limit)
      if (!isCapped) counted.push({ lead, total })
    }
    const [least] = counted.sort((a, b) => a.total - b.total)
    if (least) return least.lead
  }
  return ways[0]?.lead ?? {}
}

/** Sorting reads every match; walking reads, for each row up to the end of the page, all that stand between two matches. */
async function isSortShorter(db: Knex, { name }: Module, passed: number, way: Way) {
  if (way.isCapped || way.column === undefined) return false
  if (isFew(way)) return true
  const highest = await db(name).max({ id: 'id' }).first()
  return way.total * way.total <= passed * Number(highest?.id ?? 0)
}
