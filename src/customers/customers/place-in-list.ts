import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import { listAddress, parametersIn, readListQuery } from '../../kernel/web/list-query.ts'
import { customerList } from './list.ts'
import { neighboursOf } from './neighbours.ts'

/** Where a customer stands in the list it was opened from: the way back, and the addresses before and after it. */
export async function placeInList(db: Knex, request: FastifyRequest, id: number, reference: Reference) {
  const { list = '' } = request.query as { list?: string }
  const query = readListQuery(customerList, parametersIn(String(list)), { reference, viewer: request.viewer })
  const kept = listAddress('', query).slice(1)
  const suffix = kept ? `?list=${encodeURIComponent(kept)}` : ''
  const { previous, next } = await neighboursOf(db, id, query)
  return {
    back: listAddress('/customers', query),
    previous: previous && `/customers/${previous}${suffix}`,
    next: next && `/customers/${next}${suffix}`,
    suffix,
  }
}
