import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Permission } from '../../kernel/permissions.ts'
import { type Body, typedIn } from '../../kernel/web/form.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { visibleCustomers } from '../customers/customer.ts'
import { dismissPairs, restorePairs } from './dismissed-pairs.ts'
import { mostMembers } from './groups.ts'

/** The right to say that customers are not the same. */
export const dismissing: Permission = 'customers.update'
const path = '/duplicates/dismissals'

export const dismissalAddress = (ids: number[]) => `${path}?ids=${ids.join(',')}`
const restorationAddress = (ids: number[]) => `${path}/restoration?ids=${ids.join(',')}`

/** Saying that customers are not the same, for everybody, and taking that back. */
export function dismissalRoutes(app: FastifyInstance) {
  const options = { config: { permission: dismissing } }

  app.post(path, options, async (request, reply) => {
    const ids = await idsIn(app.db, request)
    await app.db.transaction((trx) => dismissPairs(trx, ids, request.viewer.id))
    const undo = { href: restorationAddress(ids), label: text.record.undo, version: 1 }
    await request.flash(text.duplicates.dismissed(ids.length), 'notice', undo)
    return reply.redirect('/duplicates', 303)
  })

  app.post(`${path}/restoration`, options, async (request, reply) => {
    await restorePairs(app.db, await idsIn(app.db, request))
    await request.flash(text.duplicates.restored)
    return reply.redirect('/duplicates', 303)
  })
}

/** The customers that are asked about, all of which this person must see. Throws notFound, or a Refusal. */
async function idsIn(db: Knex, { query, viewer }: FastifyRequest): Promise<number[]> {
  const typed = typedIn(query as Body, 'ids')
    .split(',')
    .filter((id) => /^[1-9]\d{0,8}$/.test(id))
  const ids = [...new Set(typed.map(Number))].sort((one, other) => one - other)
  if (ids.length < 2 || ids.length > mostMembers)
    throw new Refusal({ message: text.duplicates.notSeveral(mostMembers) })
  const seen = await visibleCustomers(db, viewer, 'duplicates.view').whereIn('customers.id', ids).pluck('customers.id')
  if (seen.length < ids.length) throw notFound()
  return ids
}
