import type { FastifyInstance, FastifyRequest } from 'fastify'
import { customerCardOf } from '../../customers/customers/card-page.ts'
import type { Customer } from '../../customers/customers/customer.ts'
import { referenceAt } from '../reference.ts'
import { filesOf } from './file.ts'
import { holderOf } from './holder.ts'
import { filesView, type Refused } from './tab.ts'

/** The tab of a customer's files: the view and its data, with what was wrong with an upload. */
export async function filesPage(
  { db }: FastifyInstance,
  request: FastifyRequest,
  customer: Customer,
  refused?: Refused,
): Promise<[view: string, data: Record<string, unknown>]> {
  const files = await filesOf(db, holderOf(customer))
  const reference = await referenceAt(db, request.revision)
  const card = await customerCardOf(db, request, customer, 'files')
  return [
    'kernel/files/index',
    { title: customer.name, card, ...filesView(request, { customer, files, reference, refused }) },
  ]
}
