import type { Knex } from 'knex'
import { unindexed } from '../db/dialect.ts'
import { lookAtRecords, matchingRecords, type Sought } from '../db/module-search.ts'
import { withIds } from '../db/with-ids.ts'
import { searchTerms } from '../search/terms.ts'
import { rowsInOrder, windowPage } from '../web/batched-scan.ts'
import type { List, ListQuery } from '../web/list.ts'
import { orderOf } from '../web/list-order.ts'
import { type Found, pagesOf } from '../web/list-rows.ts'
import type { Viewer } from '../web/viewer.ts'
import { wordsOf } from './catalogue.ts'
import { type Asked, askedRows, readAsked } from './list-request.ts'
import { fieldNamed, type Module } from './module.ts'
import { isFew, nothing, wayTo } from './page.ts'
import { findsOpenOnly } from './search-text.ts'

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
      apply: (db, rows, q, viewer) => {
        const asked = soughtIn(module, q, viewer)
        return asked ? withIds(db, rows, name, matchingRecords(db, asked)) : rows.where(`${name}.id`, 0)
      },
      broad: {
        isBroad: async (db, { q, viewer }) => {
          const asked = soughtIn(module, q, viewer)
          return asked !== undefined && (await idsFound(db, asked)).length > mostCollected
        },
        look: (rows, q, viewer) => {
          const asked = soughtIn(module, q, viewer)
          return asked ? lookAtRecords(rows, asked) : rows.where(`${name}.id`, 0)
        },
      },
    },
  }
}

/** So many hits are collected and sorted; of more, a page is soon met along the order of the list. */
const mostCollected = 4_000

/** Some of what a search finds, more than that where there are. */
const idsFound = (db: Knex, sought: Sought): Promise<number[]> =>
  matchingRecords(db, sought)
    .limit(mostCollected + 1)
    .pluck('record_id') as never

/** Along the order, rows are looked at in windows of so many, and hits counted in so many. */
const looking = { size: 1_000, counted: 3_000 }

/**
 * A page of what is found: a few hits are sorted; of few rows that are asked for each is looked at; else the order of the
 * list is walked, and how many there are is not counted to its end. Undefined leaves it to the common way.
 */
export async function searchedPage(db: Knex, module: Module, query: ListQuery, list: List): Promise<Found | undefined> {
  const sought = soughtIn(module, query.q, query.viewer)
  const asked = readAsked(module, query)
  if (!asked) return undefined
  if (!sought || asked.isNothing) return nothing
  const ids = await idsFound(db, sought)
  if (ids.length <= mostCollected)
    return sortedPage(db, list, query, withIds(db, askedRows(db, module, query, asked), list.table, ids))
  const way = await wayTo(db, module, query, asked)
  const looked = (lead = {}) => lookAtRecords(askedRows(db, module, query, asked, lead), sought)
  if (isFew(way)) return sortedPage(db, list, query, looked({ ...way, isSorted: true }))
  const isAll = isEverything(asked)
  const page = await windowPage(db, list, query, () => looked(), { ...looking, ...(isAll && { counted: 0 }) })
  return isAll && page.isCapped ? { ...page, total: Math.max(page.total, mostCollected) } : page
}

const isEverything = ({ wishes, owners, others }: Asked) => wishes.length + others.length === 0 && !owners

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
