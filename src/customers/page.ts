import type { Knex } from 'knex'
import { type Order, paginate, unindexed } from '../db/dialect.ts'
import { matching, newestMatching, type Search, searchPage } from '../db/search.ts'
import { searchFacets } from '../dictionaries/moves.ts'
import { type SearchTerms, searchTerms } from '../search/terms.ts'
import type { ListQuery, Row, Total } from '../web/list.ts'
import { applyFilters, countLimit, countUpTo, orderOf, pagesOf } from '../web/list-page.ts'
import { facets as counted } from './fields.ts'
import { customerList } from './list.ts'
import { everyone, tallyName, tallyOf } from './tallies.ts'

type Found = Total & { rows: Row[]; page: number }
type Asked = {
  query: ListQuery
  chosen: [column: string, value: string][]
  facets: Search['facets']
  hasDays: boolean
  terms: SearchTerms | null
  pinyin: string | null
}

/** Below this many, sorting the matches of a filter is quicker than looking for them along the index of the order. */
const few = 5_000

/**
 * One page of the customer list at any size. Without a search and with at most one chosen value, the total is the tally
 * and one index holds the order; everything else goes through the search index, which holds texts and chosen values.
 */
export async function customersPage(db: Knex, query: ListQuery): Promise<Found> {
  const terms = query.q ? searchTerms(query.q) : null
  if (query.q && !terms) return { total: 0, isCapped: false, rows: [], page: 1 }
  const chosen = Object.entries(query.filters).filter(([name]) => counted.includes(name as never))
  const asked = {
    query,
    chosen,
    facets: await searchFacets(db, chosen),
    hasDays: chosen.length < Object.keys(query.filters).length,
    terms,
    pinyin: pinyinOf(query.q),
  }
  if (terms && !query.sort && !asked.hasDays) return newestFound(db, asked)
  return terms || chosen.length > 1 ? searched(db, asked) : indexed(db, asked)
}

/** Narrows a query of customers to those that a search finds. */
export function searchCustomers(db: Knex, query: Knex.QueryBuilder, q: string): Knex.QueryBuilder {
  const terms = searchTerms(q)
  if (!terms) return query.where('customers.id', 0)
  return query.whereIn('customers.id', matching(db, { terms, pinyin: pinyinOf(q) }))
}

/** The beginning of a full pinyin that was typed, chang chun as changchun; null for anything else. */
function pinyinOf(q: string): string | null {
  const letters = q.normalize('NFKC').toLowerCase().replace(/[\s']/g, '')
  return /^[a-z]{2}[a-z0-9]*$/.test(letters) ? letters : null
}

const searchOf = ({ terms, pinyin, facets }: Asked): Search => ({
  terms,
  pinyin,
  facets,
})

async function newestFound(db: Knex, asked: Asked): Promise<Found> {
  const { page, per } = asked.query
  const found = await searchPage(db, { ...searchOf(asked), page: Math.min(page, pagesOf(countLimit, per)), size: per })
  const last = pagesOf(found.total, per)
  if (page > last) return newestFound(db, { ...asked, query: { ...asked.query, page: last } })
  const rows: Row[] = await customerList.rows(db).whereIn('customers.id', found.ids)
  const place = new Map(found.ids.map((id, index) => [id, index]))
  return { ...found, page, rows: rows.sort((a, b) => (place.get(a.id) as number) - (place.get(b.id) as number)) }
}

/** Few matches are sorted; many are met soon enough by walking the index of the order. */
async function searched(db: Knex, asked: Asked): Promise<Found> {
  const hits = matching(db, searchOf(asked))
  const counted = await countHits(db, newestMatching(db, searchOf(asked), countLimit + 1))
  const rows = (counted.isCapped ? walked(db, asked) : withDays(customerList.rows(db), asked.query)).whereIn(
    'customers.id',
    hits,
  )
  return slice(rows, asked.query, asked.hasDays ? await countUpTo(db, rows, 'customers') : counted)
}

async function countHits(db: Knex, hits: Knex.QueryBuilder): Promise<Total> {
  const row = await db.from(hits.as('hits')).count({ row_count: '*' }).first()
  const total = Number(row?.row_count ?? 0)
  return { total: Math.min(total, countLimit), isCapped: total > countLimit }
}

async function indexed(db: Knex, asked: Asked): Promise<Found> {
  const {
    query,
    chosen: [one],
    hasDays,
  } = asked
  const total = one ? await tallyOf(db, tallyName(...one)) : await tallyOf(db, everyone)
  const isDefaultOrder = orderOf(customerList, query)[0]?.column === customerList.order.column
  const rows =
    one && !isDefaultOrder && total > few
      ? walked(db, asked)
      : applyFilters(customerList.rows(db), customerList.filters, query)
  return slice(rows, query, hasDays ? await countUpTo(db, rows, 'customers') : { total, isCapped: false })
}

/** The filters as conditions that leave the choice of the index to the order; they compare without a column's type. */
function walked(db: Knex, { query, chosen }: Asked): Knex.QueryBuilder {
  const rows = withDays(customerList.rows(db), query)
  for (const [name, value] of chosen)
    rows.where(unindexed(db, `customers.${name}`) as never, name.endsWith('_id') ? Number(value) : value)
  return rows
}

const withDays = (rows: Knex.QueryBuilder, query: ListQuery) =>
  applyFilters(
    rows,
    customerList.filters.filter(({ kind }) => kind === 'days'),
    query,
  )

/** One page of ordered rows; behind the middle it is read from the other end. */
async function slice(rows: Knex.QueryBuilder, query: ListQuery, counted: Total): Promise<Found> {
  const { per } = query
  const page = Math.min(query.page, pagesOf(counted.total, per))
  const order = orderOf(customerList, query)
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

const reversed = ({ column, order }: Order): Order => ({ column, order: order === 'desc' ? 'asc' : 'desc' })
