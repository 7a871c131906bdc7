import type { FastifyInstance, FastifyRequest } from 'fastify'
import { moduleAt } from '../modules/catalogue.ts'
import { listOf } from '../modules/list.ts'
import { referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { type Body, typedIn } from '../web/form.ts'
import type { List } from '../web/list.ts'
import { forget, keep } from '../web/list-preference.ts'
import { listAddress, readListQuery } from '../web/list-query.ts'
import { notFound } from '../web/refusal.ts'

/** Whoever adjusts a list may see customers: most lists that are adjusted are theirs and that of their contacts. */
export const adjusting = { permission: 'customers.view' as const }
const usualList = '/customers'

/** A list that this person may see, by its path; without one the list of customers. */
export function listNamed(app: FastifyInstance, request: FastifyRequest, path: string): List {
  const module = moduleAt(path)
  const list = app.lists.get(path || usualList) ?? (module && module.path === path ? listOf(module) : undefined)
  if (!list) throw notFound()
  const { view } = list.permissions
  if (view !== 'signed-in' && !request.can(view)) throw notFound()
  return list
}

/** How one keeps a list for oneself: sent by the chooser of columns, which knows the query of the list. */
export function preferenceRoutes(app: FastifyInstance) {
  app.post<{ Body: Body }>('/list-preferences', { config: adjusting }, async (request, reply) => {
    const list = listNamed(app, request, typedIn(request.body, 'list'))
    const reference = await referenceAt(app.db, request.revision)
    const query = readListQuery(list, request.body, { reference, viewer: request.viewer })
    const user = request.user?.id as number
    const isForgotten = Boolean(request.body.forget)
    await app.db.transaction((trx) => (isForgotten ? forget(trx, list, user) : keep(trx, list, user, query)))
    await request.flash(isForgotten ? text.list.forgotten : text.list.kept)
    const shown = { ...query, columns: undefined, sort: null, kept: { sort: null, per: query.per } }
    return reply.redirect(listAddress(list.path, shown, { page: null }), 303)
  })
}
