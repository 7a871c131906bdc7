import type { Knex } from 'knex'
import { whereIdIn } from '../../kernel/db/dialect.ts'
import { pageWithParts } from '../../kernel/modules/text-index.ts'
import { type SearchTerms, searchTerms } from '../../kernel/search/terms.ts'
import { windowPage } from '../../kernel/web/batched-scan.ts'
import type { List, ListQuery, Row, Total } from '../../kernel/web/list.ts'
import { countedPage, filtered, isLookedThrough, narrowed } from '../../kernel/web/list-rows.ts'
import { countWithin } from '../customers/tallies.ts'
import { newestMatching, type Search, weighTerms } from '../search-index.ts'
import { livingContacts } from './contact.ts'
import { contactTexts } from './kind.ts'
import { partsAsked } from './narrow-ids.ts'
import { codeHits, ownedWithin, searchAmong } from './search.ts'

/**
 * A word that most customers have (公司) finds most contacts: looking at all of them took seconds at 1,000,000. Then the
 * contacts of so many of the customers are looked at, the newest first, and the list says that there are more.
 */
const mostCustomers = 3_000
/** Of so many while one types, which is enough for a handful. */
const briefCustomers = 50
/** Each of so many contacts whose codes may hold the word is looked at. */
const mostCodes = 20_000

/** The contacts of so many customers are gone through at once: 50 ms on SQLite. */
const fewCustomers = 20_000

type Found = Total & { rows: Row[]; page: number }

/** A page of what a search finds, or of the customers of some people; undefined for one who sees all and looks for nothing. */
export async function contactsPage(db: Knex, list: List, query: ListQuery): Promise<Found | undefined> {
  const search = await searchOf(db, query)
  return search ? found(db, list, query, search) : ownPage(db, list, query)
}

type Searched = Search & { terms: SearchTerms }

async function found(db: Knex, list: List, query: ListQuery, search: Searched): Promise<Found> {
  if (!query.isBrief && !(await isAbove(db, query.q, search)))
    return countedPage(db, list, query, filtered(db, list, query))
  const limit = query.isBrief ? briefCustomers : mostCustomers
  const rows = searchAmong(db, narrowed(db, list, query), {
    q: query.q,
    viewer: query.viewer,
    terms: search.terms,
    customers: db.from(newestMatching(db, search, limit).as('newest')).select('id'),
    limit,
  })
  return { ...(await countedPage(db, list, query, rows)), isCapped: true }
}

/** The contacts of a few customers are found by them; of many, a page is met soon enough along the order of everybody's. */
async function ownPage(db: Knex, list: List, query: ListQuery): Promise<Found | undefined> {
  const reach = query.viewer.scope('contacts.view')
  if (reach === 'all') return withParts(db, list, query)
  const rows = () => filtered(db, list, query)
  if ((await countWithin(db, reach)) <= fewCustomers)
    return countedPage(db, list, query, rows().whereIn('contacts.customer_id', ownedCustomers(db, reach)))
  const living = { ...list, windows: livingContacts }
  if (!isLookedThrough(living, query)) return undefined
  return (await withParts(db, living, query)) ?? windowPage(db, living, query, rows)
}

/** Those that have parts of texts; their customers are looked at only where they are asked for. */
function withParts(db: Knex, list: List, query: ListQuery) {
  const isOfCustomers = query.conditions?.some(({ field }) => field.column?.startsWith('customers.'))
  const columns = isOfCustomers ? query.columns : []
  const rows = () => filtered(db, list, { ...query, columns })
  return pageWithParts(db, contactTexts, partsAsked(query), { list, query, rows })
}

const ownedCustomers = (db: Knex, owners: ReadonlySet<number>) =>
  whereIdIn(db('customers').whereNull('deleted_at').select('id'), 'owner_id', [...owners])

/** Whether a search finds so many customers, or codes, that the rows of the list are rather looked at one by one. */
export async function isBroad(db: Knex, query: ListQuery): Promise<boolean> {
  const search = await searchOf(db, query)
  return search !== undefined && (await isAbove(db, query.q, search))
}

async function searchOf(db: Knex, { q, viewer }: ListQuery) {
  const terms = searchTerms(q)
  return terms ? { ...ownedWithin(viewer), terms: await weighTerms(db, terms) } : undefined
}

async function isAbove(db: Knex, q: string, search: Search): Promise<boolean> {
  const isBeyond = async (hits: Knex.QueryBuilder, most: number) =>
    (await db.from(hits.as('hits')).select('id').limit(1).offset(most)).length > 0
  if (await isBeyond(newestMatching(db, search, mostCustomers + 1), mostCustomers)) return true
  const codes = codeHits(db, q)
  return codes !== undefined && isBeyond(codes, mostCodes)
}
