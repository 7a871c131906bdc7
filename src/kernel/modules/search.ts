import { setImmediate as turn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { engine, unindexed } from '../db/dialect.ts'
import { lookAtRecords, matchingRecords, newestRecords, type Sought } from '../db/module-search.ts'
import { withIds } from '../db/with-ids.ts'
import { searchTerms } from '../search/terms.ts'
import { rowsInOrder, windowPage, windowPageWithin } from '../web/batched-scan.ts'
import type { List, ListQuery } from '../web/list.ts'
import { countLimit, orderOf } from '../web/list-order.ts'
import { countUpTo, type Found, pagesOf } from '../web/list-rows.ts'
import { isDense } from '../web/scope.ts'
import type { Viewer } from '../web/viewer.ts'
import { wordsOf } from './catalogue.ts'
import { type Asked, askedRows, readAsked } from './list-request.ts'
import { fieldNamed, givenColumn, type Module } from './module.ts'
import { nothing } from './page.ts'
import { findsOpenOnly } from './search-text.ts'
import { isFew, type Way, wayTo } from './way.ts'

const soughtIn = (module: Module, q: string, viewer: Viewer): Sought | undefined => {
  const terms = searchTerms(q)
  return terms ? { module: module.name, terms, isOpenOnly: findsOpenOnly(module, viewer) } : undefined
}

/** The search of a module's list, by the index of all modules (kernel/db/module-search.ts). */
export function searchOf(module: Module): Required<Pick<List, 'search'>> {
  const { name } = module
  return {
    search: {
      placeholder: wordsOf(module).searched(searchedLabels(module)),
      isNewestFirst: true,
      apply: (db, rows, q, viewer) => {
        const asked = soughtIn(module, q, viewer)
        return asked ? withIds(db, rows, name, matchingRecords(db, asked)) : rows.where(`${name}.id`, 0)
      },
      broad: {
        isBroad: async (db, { q, viewer }) => {
          const asked = soughtIn(module, q, viewer)
          return asked !== undefined && (await newestRecords(db, asked, mostCollected + 1)).length > mostCollected
        },
        look: (rows, q, viewer) => {
          const asked = soughtIn(module, q, viewer)
          return asked ? lookAtRecords(rows, asked) : rows.where(`${name}.id`, 0)
        },
      },
    },
  }
}

/** So many hits are collected and sorted; of more, a page is soon met. */
const mostCollected = 4_000
/** The same while somebody types. */
const mostBrief = 200

/** Along an order, rows are looked at in windows of so many, hits counted in so many, and another way is taken behind so many. */
const looking = { size: 1_000, counted: 3_000, most: 30_000 }
/** So many hits are sorted where a page is not met along an order: those of one place all stand near its end. */
const mostSorted = 50_000
/** So many of the newest hits are looked at, then each row that is asked for, if they are not more than so many. */
const mostNewest = 20 * mostCollected
const mostLookedAt = 150_000

/**
 * A page of what is found, the newest first if no order is chosen. A few hits are sorted; of few rows that are asked for
 * each is looked at; else the hits or the order are followed, and how many there are is not counted to its end. Undefined
 * leaves it to the common way. Pages behind what is counted are the last one.
 */
export async function searchedPage(db: Knex, module: Module, query: ListQuery, list: List): Promise<Found | undefined> {
  const asked = readAsked(module, query)
  if (!asked) return undefined
  const sought = soughtIn(module, query.q, query.viewer)
  if (!sought || asked.isNothing) return nothing
  const rows = (lead = {}) => askedRows(db, module, query, asked, lead)
  const owned = ownedIn(db, module, asked)
  const found =
    owned && (await ownedPage(db, list, query, { ...sought, owners: owned.by }, { rows, isAll: owned.isAll }))
  if (found) return found
  const most = query.isBrief ? mostBrief : mostCollected
  const hits = await newestRecords(db, sought, most + 1)
  if (hits.length <= most) return sortedPage(db, list, query, withIds(db, rows(), list.table, idsOf(hits)))
  if (isEverything(module, asked) && !query.sort) return newestPage(db, list, query, rows, idsOf(hits.slice(0, -1)))
  const way = await wayTo(db, module, query, asked)
  const looked = (lead = {}) => lookAtRecords(rows(lead), sought)
  if (isFew(way)) return sortedPage(db, list, query, looked({ ...way, isSorted: true }))
  const counted = { ...query, page: Math.min(query.page, pagesOf(countLimit, query.per)) }
  if (query.sort) return alongOrder(db, list, counted, sought, { rows, looked })
  const own = isSoonRead(way) ? new Set<number>(await rows(way).pluck(`${module.name}.id`)) : undefined
  const met = await alongHits(db, list, counted, sought, { rows, hits, own })
  if (met) return met
  const { isCapped } = await countUpTo(db, rows(way), module.name, mostLookedAt)
  return isCapped
    ? windowPage(db, list, counted, looked)
    : sortedPage(db, list, query, looked({ ...way, isSorted: true }))
}

const idsOf = (hits: { id: number }[]) => hits.map(({ id }) => id)
const newestFirst = (ids: number[]) => ids.sort((a, b) => b - a)

/** Those whose records alone are asked for, where the index of words tells them, and whether it is all of what is asked for. */
type Owned = { by: ReadonlySet<number>; isAll: boolean }

function ownedIn(db: Knex, module: Module, { owners, wishes, others }: Asked): Owned | undefined {
  if (engine(db) !== 'sqlite') return undefined
  const column = givenColumn(module)
  const [wish] = wishes.filter((wish) => wish.column === column)
  const by = wish && 'value' in wish && typeof wish.value === 'number' ? new Set([wish.value]) : owners
  return by && !isDense(by) ? { by, isAll: wishes.length + others.length === (wish ? 1 : 0) } : undefined
}

/** Hits of few people lie far apart: each is looked up by itself. */
const mostOwned = 1_000

/** A page of what is found of few people's; undefined where it is much and some of it is asked for, or an order. */
async function ownedPage(
  db: Knex,
  list: List,
  query: ListQuery,
  sought: Sought,
  { rows, isAll }: { rows: Rows; isAll: boolean },
) {
  const hits = idsOf(await newestRecords(db, sought, mostOwned + 1))
  if (hits.length <= mostOwned) return sortedPage(db, list, query, withIds(db, rows(), list.table, hits))
  return isAll && !query.sort ? newestPage(db, list, query, rows, hits.slice(0, -1)) : undefined
}

/** A page of the newest hits, when there are more. */
async function newestPage(db: Knex, list: List, query: ListQuery, asked: Rows, ids: number[]): Promise<Found> {
  const page = Math.min(query.page, pagesOf(ids.length, query.per))
  const shown = newestFirst(ids).slice((page - 1) * query.per, page * query.per)
  const seen: number[] = await withIds(db, asked(), list.table, shown).pluck(`${list.table}.id`)
  return { total: ids.length, isCapped: true, page, rows: await rowsInOrder(db, list, query, newestFirst(seen)) }
}

type Rows = (lead?: object) => Knex.QueryBuilder
type Hits = Awaited<ReturnType<typeof newestRecords>>

/** The rows of one person are sooner read as numbers from what leads to them than asked for hit by hit. */
const mostOwn = 20_000
const isSoonRead = ({ column, isCapped, total }: Way) => column !== undefined && !isCapped && total <= mostOwn

/** Goes through the hits from the newest on, of which `own` are asked for; undefined where a page is not met in the first of them. */
async function alongHits(
  db: Knex,
  list: List,
  query: ListQuery,
  sought: Sought,
  { rows, hits, own }: { rows: Rows; hits: Hits; own: ReadonlySet<number> | undefined },
): Promise<Found | undefined> {
  const found: number[] = []
  let some = hits
  for (let looked = some.length; ; looked += some.length) {
    const ids: number[] = own
      ? idsOf(some).filter((id) => own.has(id))
      : await withIds(db, rows(), list.table, idsOf(some)).pluck(`${list.table}.id`)
    for (const id of newestFirst(ids)) found.push(id)
    const isEnd = some.length <= mostCollected
    if (isEnd || found.length > query.page * query.per) {
      const page = Math.min(query.page, pagesOf(found.length, query.per))
      const shown = found.slice((page - 1) * query.per, page * query.per)
      return { total: found.length, isCapped: !isEnd, page, rows: await rowsInOrder(db, list, query, shown) }
    }
    if (looked >= mostNewest) return undefined
    await turn()
    some = await newestRecords(db, sought, mostCollected + 1, some.at(-1)?.place)
  }
}

/** Goes along the chosen order; where a page is not soon met the hits are collected and sorted, if they are not too many. */
async function alongOrder(
  db: Knex,
  list: List,
  query: ListQuery,
  sought: Sought,
  { rows, looked }: { rows: Rows; looked: Rows },
): Promise<Found> {
  const met = await windowPageWithin(db, list, query, looked, looking)
  if (met) return met
  const hits = await newestRecords(db, sought, mostSorted + 1)
  return hits.length > mostSorted
    ? windowPage(db, list, query, looked)
    : sortedPage(db, list, query, withIds(db, rows(), list.table, idsOf(hits)))
}

/** Nothing is asked for beside the words, not even whose records: of what hangs on others, or is personal, each row tells that. */
const isEverything = (module: Module, { wishes, owners, others }: Asked) =>
  givenColumn(module) !== undefined && !module.giver && wishes.length + others.length === 0 && !owners

async function sortedPage(db: Knex, list: List, query: ListQuery, rows: Knex.QueryBuilder): Promise<Found> {
  const order = orderOf(list, query).map((one) => ({ ...one, column: unindexed(db, one.column) as string }))
  const found: number[] = await rows.orderBy(order).pluck(`${list.table}.id`)
  const page = Math.min(query.page, pagesOf(found.length, query.per))
  const ids = found.slice((page - 1) * query.per, page * query.per)
  return { total: found.length, isCapped: false, page, rows: await rowsInOrder(db, list, query, ids) }
}

/** What the search looks in, in words: the pinyin stands behind the title. */
function searchedLabels(module: Module): string[] {
  const [first, ...others] = module.search.map((one) => fieldNamed(module, one).label)
  return [first ?? '', wordsOf(module).pinyin, ...others]
}
