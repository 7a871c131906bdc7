import type { Knex } from 'knex'
import type { Order } from '../db/dialect.ts'
import type { ListQuery, Total } from '../web/list.ts'
import { countLimit, soonCounted } from '../web/list-order.ts'
import { countUpTo } from '../web/list-rows.ts'
import { isDense } from '../web/scope.ts'
import { orderColumn, reachColumns } from './indexes.ts'
import { type Asked, askedRows, type Lead } from './list-request.ts'
import { givenColumn, type Module } from './module.ts'
import { livingRows } from './records.ts'
import { tallied } from './tallies.ts'

/** So few rows are sorted, or looked at one by one, however they lie in the order. */
const few = 5_000

/** How many rows are asked for, and the column that leads to them; a choice does so in the list's own order. */
export type Way = Total & Pick<Lead, 'column' | 'isChoice'>

export const isFew = ({ total, isCapped, column }: Way) => column !== undefined && !isCapped && total <= few

/** With conditions that no index answers the rows are looked at only where they are few without them. */
export async function wayTo(db: Knex, module: Module, query: ListQuery, asked: Asked): Promise<Way> {
  const lead = await narrowest(db, module, query, asked)
  const known = await tallied(db, module, asked)
  if (known !== undefined)
    return { total: known, isCapped: false, column: lead.column, isChoice: lead.isChoice ?? false }
  const most = lead.column === undefined || isMetEverywhere(module, asked, lead) ? countLimit : soonCounted
  const count = (asked: Asked) => countSoon(db, askedRows(db, module, query, asked, lead), module, most)
  const counted = await count({ ...asked, others: [] })
  const way = { ...counted, column: lead.column, isChoice: lead.isChoice ?? false }
  return asked.others.length > 0 && isFew(way) ? { ...way, ...(await count(asked)) } : way
}

async function countSoon(db: Knex, rows: Knex.QueryBuilder, { name }: Module, most: number): Promise<Total> {
  const counted = await countUpTo(db, rows, name, most)
  return counted.isCapped ? { total: countLimit, isCapped: true } : counted
}

/** So many entries of the list's own order tell which of several wishes, all met by many, is met by the fewest. */
const sampled = 2_000

async function narrowest(db: Knex, module: Module, query: ListQuery, asked: Asked): Promise<Lead> {
  const alone = { wishes: [], owners: undefined, others: [], isNothing: false }
  const ways = asked.wishes.map((wish) => ({
    asked: { ...alone, wishes: [wish] },
    lead: { column: wish.column, isChoice: 'value' in wish },
  }))
  const { personal, shared } = module
  if (personal) ways.push({ asked: alone, lead: { column: personal, isChoice: !shared } })
  const { owners } = asked
  if (owners)
    ways.push({
      asked: { ...alone, owners } as never,
      lead: { column: givenColumn(module) as string, isChoice: owners.size === 1 },
    })
  if (ways.length < 2) return ways[0]?.lead ?? {}
  // Records of many people are met everywhere, unless these have few.
  const isScattered = owners !== undefined && isDense(owners)
  const soon = await fewest(ways, ({ asked, lead }) => {
    return countUpTo(db, askedRows(db, module, query, asked, lead), module.name, few)
  })
  if (soon) return soon.lead
  const met = await fewest(isScattered ? ways.slice(0, -1) : ways, ({ asked }) => sample(db, module, query, asked))
  return met?.lead ?? ways[0]?.lead ?? {}
}

/** Whether what leads to rows are so many people that their records are met everywhere. */
const isMetEverywhere = (module: Module, { owners }: Asked, { column }: Lead) =>
  owners !== undefined && column === givenColumn(module) && isDense(owners)

function sample(db: Knex, module: Module, query: ListQuery, asked: Asked) {
  const order = [`${module.name}.${orderColumn(module)}`, `${module.name}.id`].map((column) => ({ column }))
  return countUpTo(db, amongFirst(db, module, query, { asked, order, most: sampled }), module.name, sampled)
}

/** Whether what leads to rows leads to no more than so many, by how often it is met in the list's own order. */
export async function isLeadingToFew(db: Knex, module: Module, query: ListQuery, asked: Asked, way: Way, most: number) {
  if (way.column === undefined || isMetEverywhere(module, asked, way)) return false
  const leading = { ...asked, wishes: asked.wishes.filter(({ column }) => column === way.column), others: [] }
  const owners = way.column === givenColumn(module) ? asked.owners : undefined
  const { total } = await sample(db, module, query, { ...leading, owners })
  const highest = await db(module.name).max({ id: 'id' }).first()
  return (total / sampled) * Number(highest?.id ?? 0) <= most
}

type Leading = { asked: Asked; lead: Lead }

/** The one of several ways that leads to the fewest rows, of those that are counted to their end. */
async function fewest(ways: Leading[], count: (way: Leading) => Promise<Total>): Promise<Leading | undefined> {
  const counted = []
  for (const way of ways) counted.push({ way, ...(await count(way)) })
  const [least] = counted.filter(({ isCapped }) => !isCapped).sort((a, b) => a.total - b.total)
  return least?.way
}

type Among = { asked: Asked; order: Order[]; most: number }

/** What is asked for among the first entries of the index of an order. */
export function amongFirst(db: Knex, module: Module, query: ListQuery, { asked, order, most }: Among) {
  const { name, bin } = module
  const columns = [
    'id',
    ...(bin ? ['deleted_at'] : []),
    ...order.map(({ column }) => column.split('.').at(-1) as string),
    ...reachColumns(module),
    ...asked.wishes.map(({ column }) => column),
  ]
  const first = livingRows(db, module)
    .select([...new Set(columns)].map((column) => `${name}.${column}`))
    .orderBy(order)
    .limit(most)
  const rows = askedRows(db, module, query, asked)
  rows.from(first.as(name) as never)
  return rows
}
