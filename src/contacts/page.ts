import type { Knex } from 'knex'
import { paginate } from '../db/dialect.ts'
import { weighTerms } from '../db/frequent-tokens.ts'
import { newestMatching, type Search } from '../db/search.ts'
import { searchTerms } from '../search/terms.ts'
import type { ListQuery, Row, Total } from '../web/list.ts'
import { countUpTo, filtered, narrowed, orderOf, pagesOf } from '../web/list-page.ts'
import type { Reach } from '../web/viewer.ts'
import { contactList } from './list.ts'
import { searchAmong } from './search.ts'

/**
 * A word that most customers have (公司) finds most contacts: looking at all of them took seconds at 1,000,000. Then the
 * contacts of so many of the customers are looked at, the newest first, and the list says that there are more.
 */
const mostCustomers = 3_000

/** More people than these are too many tokens for one search. */
const mostOwners = 500

/** A page of what a search finds; undefined without one. */
export async function contactsPage(
  db: Knex,
  query: ListQuery,
): Promise<(Total & { rows: Row[]; page: number }) | undefined> {
  const search = await searchOf(db, query)
  if (!search) return undefined
  const isCut = await isAbove(db, search)
  const customers = db.from(newestMatching(db, search, mostCustomers).as('newest')).select('id')
  const rows = isCut
    ? searchAmong(db, narrowed(db, contactList, query), {
        q: query.q,
        viewer: query.viewer,
        terms: search.terms,
        customers,
        limit: mostCustomers,
      })
    : filtered(db, contactList, query)
  const { total, isCapped } = await countUpTo(db, rows, contactList.table)
  const page = Math.min(query.page, pagesOf(total, query.per))
  const place = { order: orderOf(contactList, query), offset: (page - 1) * query.per, size: query.per }
  return { total, isCapped: isCut || isCapped, page, rows: await paginate(rows, place) }
}

/** Whether a search finds so many customers that the rows of the list are rather looked at one by one. */
export async function isBroad(db: Knex, query: ListQuery): Promise<boolean> {
  const search = await searchOf(db, query)
  return search !== undefined && (await isAbove(db, search))
}

async function searchOf(db: Knex, { q, viewer }: ListQuery) {
  const terms = searchTerms(q)
  return terms ? { ...ownedBy(viewer.reach('contacts.view')), terms: await weighTerms(db, terms) } : undefined
}

async function isAbove(db: Knex, search: Search): Promise<boolean> {
  const hits = newestMatching(db, search, mostCustomers + 1)
  const counted = await db.from(hits.as('hits')).count({ row_count: '*' }).first()
  return Number(counted?.row_count) > mostCustomers
}

const ownedBy = (reach: Reach): Search => {
  if (reach === 'all') return {}
  return reach.size > mostOwners ? { owners: reach } : { facets: { owner_id: [...reach] } }
}
