import type { Knex } from 'knex'
import { paginate, unindexed, whereIdIn } from '../../kernel/db/dialect.ts'
import { rowsInOrder, windowPage } from '../../kernel/web/batched-scan.ts'
import { applyConditions } from '../../kernel/web/conditions.ts'
import type { ListQuery, Row, Total } from '../../kernel/web/list.ts'
import { countLimit, orderOf, reversed } from '../../kernel/web/list-order.ts'
import { applyFilters, countUpTo, pagesOf } from '../../kernel/web/list-rows.ts'
import { holding, matching, newestMatching, type Search, searchPage } from '../search-index.ts'
import { visibleCustomers } from './customer.ts'
import { type Asked, readAsked, searchOf } from './list-request.ts'
import { orderedCustomers } from './ordered-list.ts'
import { listRows, walked, withDays } from './ordered-scan.ts'
import { countWithin, everyone, tallyName, tallyOf } from './tallies.ts'

type Found = Total & { rows: Row[]; page: number }
/** Below this many, sorting the matches of a filter is quicker than looking for them along the index of the order. */
const few = 5_000

/**
 * One page of the customer list at any size. Without a search and with at most one chosen value, the total is the tally
 * and one index holds the order; everything else goes through the search index, which holds texts and chosen values.
 */
export async function customersPage(db: Knex, query: ListQuery): Promise<Found> {
  const asked = await readAsked(db, query)
  if (query.q && !asked.terms) return { total: 0, isCapped: false, rows: [], page: 1 }
  if (query.isBrief) return firstFound(db, asked)
  if (asked.others.length > 0) return conditioned(db, asked)
  if (asked.terms && !query.sort && !asked.hasDays) return newestFound(db, asked)
  if (isDue(asked)) return duePage(db, query)
  return isIndexed(asked) ? indexed(db, asked) : searched(db, asked)
}

/** How many there are, where the tallies know it. */
export async function countOfCustomers(db: Knex, query: ListQuery): Promise<Total | undefined> {
  const asked = await readAsked(db, query)
  const isTallied = asked.others.length === 0 && !asked.hasDays && !query.q && isIndexed(asked)
  return isTallied ? { total: await tallied(db, asked), isCapped: false } : undefined
}

/** One choice at most, which a tally and an index know. */
const isIndexed = ({ terms, chosen, indexed, owners }: Asked) =>
  !terms && indexed.length === 0 && chosen.length + (owners ? 1 : 0) < 2

const isDue = ({ query: { sort, filters }, terms, chosen, indexed }: Asked) =>
  !sort &&
  !terms &&
  chosen.length + indexed.length === 0 &&
  Boolean(filters.next_contact_on_from || filters.next_contact_on_to)

/** The newest hits, without counting those behind them. */
async function firstFound(db: Knex, asked: Asked): Promise<Found> {
  const hits: { id: number }[] = await newestMatching(db, searchOf(asked), asked.query.per)
  const ids = hits.map(({ id }) => id)
  return { total: ids.length, isCapped: true, page: 1, rows: await rowsOf(db, asked.query, ids) }
}

async function newestFound(db: Knex, asked: Asked): Promise<Found> {
  const { page, per } = asked.query
  const found = await searchPage(db, { ...searchOf(asked), page: Math.min(page, pagesOf(countLimit, per)), size: per })
  const last = pagesOf(found.total, per)
  if (page > last) return newestFound(db, { ...asked, query: { ...asked.query, page: last } })
  return { ...found, page, rows: await rowsOf(db, asked.query, found.ids) }
}

const rowsOf = (db: Knex, query: ListQuery, ids: number[]) => rowsInOrder(db, orderedCustomers, query, ids)

/**
 * By days of next contact, the newest first. One index holds both days: the matches are sorted in it and only the page is
 * read, because those that are due may all be old and far behind in the index of the order.
 */
async function duePage(db: Knex, query: ListQuery): Promise<Found> {
  const due = withDays(db, visibleCustomers(db, query.viewer), query)
  const counted = await countUpTo(db, due.clone().select('customers.id'), 'customers')
  const page = Math.min(query.page, pagesOf(counted.total, query.per))
  const ids: number[] = await due
    .orderBy(unindexed(db, 'customers.registered_on') as string, 'desc')
    .orderBy('customers.id', 'desc')
    .limit(query.per)
    .offset((page - 1) * query.per)
    .pluck('customers.id')
  return { ...counted, page, rows: await rowsOf(db, query, ids) }
}

/** Few matches are sorted; many are met soon enough by walking the index of the order. */
async function searched(db: Knex, asked: Asked): Promise<Found> {
  const search = searchOf(asked)
  const isWalked = await isWalkShorter(db, asked)
  const rows = isWalked ? walked(db, asked) : withDays(db, listRows(db, asked.query), asked.query)
  if (!isWalked) rows.whereIn('customers.id', matching(db, search))
  else if (asked.terms) holding(db, rows, search)
  const counted = asked.hasDays ? await countUpTo(db, rows, 'customers') : await countHits(db, search, countLimit)
  return slice(rows, asked.query, counted)
}

/** Sorting reads every match; walking reads, for each row up to the end of the page, all that stand between two matches. */
export async function isWalkShorter(db: Knex, asked: Asked): Promise<boolean> {
  const { page, per } = asked.query
  const all = await tallyOf(db, everyone)
  const enough = Math.max(countLimit, Math.ceil(Math.sqrt(Math.min(page * per, countLimit) * all)))
  return (await countHits(db, searchOf(asked), enough)).isCapped
}

/** By conditions that no index answers: a few hits of the search are looked at one by one, else the order is walked. */
async function conditioned(db: Knex, asked: Asked): Promise<Found> {
  const { query, others } = asked
  const search = searchOf(asked)
  const isNarrow = Boolean(asked.terms || asked.owners || Object.keys(asked.facets ?? {}).length)
  if (isNarrow && !(await countHits(db, search, countLimit)).isCapped) {
    const hits = withDays(db, listRows(db, query), query).whereIn('customers.id', matching(db, search))
    const rows = applyConditions(hits, others)
    return slice(rows, query, await countUpTo(db, rows, 'customers'))
  }
  return windowPage(db, orderedCustomers, query, () => {
    const rows = applyConditions(walked(db, asked), others)
    return asked.terms ? holding(db, rows, search) : rows
  })
}

async function countHits(db: Knex, search: Search, limit: number): Promise<Total> {
  const hits = newestMatching(db, search, limit + 1)
  const row = await db.from(hits.as('hits')).count({ row_count: '*' }).first()
  const total = Number(row?.row_count ?? 0)
  return { total: Math.min(total, limit), isCapped: total > limit }
}

async function indexed(db: Knex, asked: Asked): Promise<Found> {
  const {
    query,
    chosen: [one],
    hasDays,
  } = asked
  const total = await tallied(db, asked)
  const isDefaultOrder = orderOf(orderedCustomers, query)[0]?.column === orderedCustomers.order.column
  const rows =
    one && (!isDefaultOrder || one[0] === 'tag_id') && total > few
      ? walked(db, asked)
      : applyFilters(db, listRows(db, query), orderedCustomers.filters, query)
  // Few customers are sorted, whoever's they are; the rows of the list look at the owner while they walk the order.
  if (asked.owners && total <= few) whereIdIn(rows, 'customers.owner_id', [...asked.owners])
  return slice(rows, query, hasDays ? await countUpTo(db, rows, 'customers') : { total, isCapped: false })
}

async function tallied(db: Knex, { chosen: [one], owners }: Asked): Promise<number> {
  if (owners) return countWithin(db, owners)
  return tallyOf(db, one ? tallyName(...one) : everyone)
}

/** One page of ordered rows; behind the middle it is read from the other end. */
async function slice(rows: Knex.QueryBuilder, query: ListQuery, counted: Total): Promise<Found> {
  const { per } = query
  const page = Math.min(query.page, pagesOf(counted.total, per))
  const order = orderOf(orderedCustomers, query)
  const offset = (page - 1) * per
  if (counted.isCapped || offset < counted.total / 2)
    return { ...counted, page, rows: await paginate(rows, { order, offset, size: per }) }
  const size = Math.min(per, counted.total - offset)
  if (size <= 0) return { ...counted, page, rows: [] }
  const turned: Row[] = await paginate(rows, {
    order: order.map(reversed),
    offset: counted.total - offset - size,
    size,
  })
  return { ...counted, page, rows: turned.reverse() }
}
