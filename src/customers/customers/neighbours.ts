import type { Knex } from 'knex'
import type { Order } from '../../kernel/db/dialect.ts'
import { applyConditions } from '../../kernel/web/conditions.ts'
import type { ListQuery, Row } from '../../kernel/web/list.ts'
import { countLimit, orderOf, reversed, seekAfter } from '../../kernel/web/list-order.ts'
import { partQueries, placeAmong } from '../../kernel/web/list-parts.ts'
import { filtered } from '../../kernel/web/list-rows.ts'
import { holding, newestMatching } from '../search-index.ts'
import { visibleCustomers } from './customer.ts'
import { customerList } from './list.ts'
import { type Asked, readAsked, searchOf } from './list-request.ts'
import { walked } from './ordered-scan.ts'
import { customersPage, isWalkShorter } from './page.ts'

type Neighbours = { previous?: number | undefined; next?: number | undefined }

/** The customers before and after one in the list it was opened from, by their ids. */
export async function neighboursOf(db: Knex, id: number, query: ListQuery): Promise<Neighbours> {
  if (query.sort?.parts) return neighboursInParts(db, id, query)
  const asked = await readAsked(db, query)
  if (asked.terms && !query.sort && !asked.hasDays) return neighboursFound(db, id, asked)
  const order = orderOf(customerList, query)
  const placed = order.map(({ column }) => column)
  const row: Row | undefined = await visibleCustomers(db, query.viewer).where('customers.id', id).first(placed)
  if (!row) return {}
  const isWalked = asked.terms !== null && (await isWalkShorter(db, asked))
  const rows = () => (isWalked ? walkedAll(db, asked) : filtered(db, customerList, query))
  const beside = async (order: Order[]) => {
    const [found] = await seekAfter(rows().clearSelect(), order, row).orderBy(order).limit(1).pluck('customers.id')
    return found
  }
  return { previous: await beside(order.map(reversed)), next: await beside(order) }
}

/** Beside one at the end of a part stands one of the next part that has any. */
async function neighboursInParts(db: Knex, id: number, query: ListQuery): Promise<Neighbours> {
  const row = await visibleCustomers(db, query.viewer).where('customers.id', id).first('customers.*')
  const parts = partQueries(query)
  const at = placeAmong(parts.map(({ part }) => part ?? {}))(row ?? {})
  const own = parts[at]
  if (!row || !own) return {}
  const { previous, next } = await neighboursOf(db, id, own)
  return {
    previous: previous ?? (await endOf(db, parts.slice(0, at).reverse(), 'last')),
    next: next ?? (await endOf(db, parts.slice(at + 1), 'first')),
  }
}

/** The first or the last customer of the first of these lists that has any. */
async function endOf(db: Knex, lists: ListQuery[], end: 'first' | 'last'): Promise<number | undefined> {
  for (const query of lists) {
    const { rows } = await customersPage(db, { ...query, page: end === 'first' ? 1 : behindAll })
    const row = rows.at(end === 'first' ? 0 : -1)
    if (row) return row.id
  }
  return undefined
}

const behindAll = 1_000_000_000

/** All that is asked for, left to the index of the order: many matches are met soon, and sorting them took 0.1 s. */
const walkedAll = (db: Knex, asked: Asked) =>
  holding(db, applyConditions(walked(db, asked), asked.others), searchOf(asked))

async function neighboursFound(db: Knex, id: number, asked: Asked) {
  const found: { id: number }[] = await newestMatching(db, searchOf(asked), countLimit + 1)
  const place = found.findIndex((row) => row.id === id)
  return place < 0 ? {} : { previous: found[place - 1]?.id, next: found[place + 1]?.id }
}
