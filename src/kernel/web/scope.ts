import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { unindexed, whereIdIn } from '../db/dialect.ts'
import type { Permission } from '../permissions.ts'
import type { Scope } from './viewer.ts'

/** Records of more people than these are met soon enough along the order of a list. */
const few = 20

/** Whether records within reach are met soon enough along the order of a list, where an index of their owners is no use. */
export const isDense = (reach: Scope) => reach === 'all' || reach.size > few

/** Narrows a query to the records that belong to the people within reach; `column` holds their owner and has an index. */
export function scopedTo<Q extends Knex.QueryBuilder>(db: Knex, query: Q, column: string, reach: Scope): Q {
  if (reach === 'all') return query
  const [only] = reach
  if (reach.size === 1) return query.where(column, only as number) as Q
  return whereIdIn(query, isDense(reach) ? unindexed(db, column) : column, [...reach])
}

/** Whether a record of this owner is within reach. */
export const inScope = (reach: Scope, ownerId: unknown) => reach === 'all' || reach.has(ownerId as number)

/** What a person may do with one record: the buttons of a card and the pages behind them ask the same. */
export const mayWith =
  ({ viewer }: FastifyRequest, { owner_id }: Record<string, unknown>) =>
  (permission: Permission) =>
    inScope(viewer.scope(permission), owner_id)
