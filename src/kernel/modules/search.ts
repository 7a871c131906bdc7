import type { Knex } from 'knex'
import { paginate } from '../db/dialect.ts'
import { joinRecords, lookAtRecords, matchingRecords, type Sought } from '../db/module-search.ts'
import type { Permission } from '../permissions.ts'
import { searchTerms } from '../search/terms.ts'
import type { List, ListQuery, Row } from '../web/list.ts'
import { orderOf } from '../web/list-order.ts'
import { countUpTo, narrowed, pagesOf } from '../web/list-page.ts'
import { isDense } from '../web/reach.ts'
import type { Viewer } from '../web/viewer.ts'
import { ownersOf, wordsOf } from './catalogue.ts'
import { fieldNamed, type Module } from './module.ts'
import { findsOpenOnly } from './search-text.ts'

/** So many hits are collected and sorted; of more, a page is soon met along the order of the list. */
const mostCollected = 3_000
/** A page behind so many matches is found by sorting all of them. */
const mostPassed = 1_000

/** The search of a module's list, by the index of all modules (kernel/db/module-search.ts). */
export function searchOf(module: Module): Required<Pick<List, 'search' | 'page'>> {
  const { name } = module
  const sought = (q: string, viewer: Viewer): Sought | undefined => {
    const terms = searchTerms(q)
    return terms ? { module: name, terms, isOpenOnly: findsOpenOnly(module, viewer) } : undefined
  }
  const look = (rows: Knex.QueryBuilder, q: string, viewer: Viewer) => {
    const asked = sought(q, viewer)
    return asked ? lookAtRecords(rows, asked) : rows.where(`${name}.id`, 0)
  }
  const isBroad = async (db: Knex, { q, viewer }: ListQuery) => {
    const asked = sought(q, viewer)
    return asked !== undefined && (await findsMany(db, asked))
  }
  return {
    search: {
      placeholder: wordsOf(module).searched(searchedLabels(module)),
      apply: (db, rows, q, viewer) => {
        const asked = sought(q, viewer)
        return asked ? rows.whereIn(`${name}.id`, matchingRecords(db, asked)) : rows.where(`${name}.id`, 0)
      },
      broad: { isBroad, look },
    },
    page: async (db, query, list) => {
      const asked = sought(query.q, query.viewer)
      return asked && (await findsMany(db, asked))
        ? broadPage(db, list, query, { ...asked, isOwned: ownersOf(module) !== undefined })
        : undefined
    },
  }
}

/**
 * A page of what is found very often: met soon along the order of the list, unless it is a late one or filters leave few.
 * What belongs to few people is looked at row by row.
 */
async function broadPage(db: Knex, list: List, query: ListQuery, sought: Sought & { isOwned: boolean }) {
  const rows = () => narrowed(db, list, query)
  const isOwn = sought.isOwned && !isDense(query.viewer.reach(list.permissions.view as Permission))
  const looked = () => lookAtRecords(rows(), sought)
  const counted = await countUpTo(db, isOwn ? looked() : joinRecords(db, rows(), sought), list.table)
  const page = Math.min(query.page, pagesOf(counted.total, query.per))
  const offset = (page - 1) * query.per
  const isMetSoon = isOwn || (counted.total > mostCollected && offset < mostPassed)
  const found = isMetSoon ? looked() : joinRecords(db, rows(), sought)
  const shown: Row[] = await paginate(found, { order: orderOf(list, query), offset, size: query.per })
  return { ...counted, page, rows: shown }
}

async function findsMany(db: Knex, sought: Sought): Promise<boolean> {
  const some = matchingRecords(db, sought).limit(mostCollected + 1)
  const counted = await db.from(some.as('some')).count({ row_count: '*' }).first()
  return Number(counted?.row_count) > mostCollected
}

/** What the search looks in, in words: the pinyin stands behind the title. */
function searchedLabels(module: Module): string[] {
  const [first, ...others] = module.search.map((one) => fieldNamed(module, one).label)
  return [first ?? '', wordsOf(module).pinyin, ...others]
}
