import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { declaredModules } from '../modules/catalogue.ts'
import { listOf } from '../modules/list.ts'
import type { Permission } from '../permissions.ts'
import { referenceAt } from '../reference.ts'
import { type Body, typedIn } from '../web/form.ts'
import type { List } from '../web/list.ts'
import { arrange, forget, keep } from '../web/list-preference.ts'
import { listAddress, readListQuery } from '../web/list-query.ts'
import { notFound } from '../web/refusal.ts'

/** The lists of declared modules that are adjusted. */
const adjustable = (): List[] =>
  declaredModules()
    .filter(({ byHand, list }) => list || !byHand?.includes('list'))
    .map(listOf)
    .filter(({ isAdjustable }) => isAdjustable)

/** Who sees a list adjusts it; `listNamed` asks for which. */
export const adjusting = {
  permission: 'list_views.share' as const,
  otherPermissions: () => adjustable().map(({ permissions: { view } }) => view as Permission),
}

/** A list that this person may see and adjust, by its path; without one the first there is. */
export function listNamed({ viewer }: FastifyRequest, path: string): List {
  const list = adjustable().find(
    (one) => (!path || one.path === path) && viewer.can(one.permissions.view as Permission),
  )
  if (!list) throw notFound()
  return list
}

/** How one keeps a list for oneself: sent by the chooser of columns, which knows the query of the list, or drawn at its heads. */
export function preferenceRoutes(app: FastifyInstance) {
  app.post<{ Body: Body }>('/list-preferences', { config: adjusting }, async (request, reply) => {
    const list = listNamed(request, typedIn(request.body, 'list'))
    const reference = await referenceAt(app.db, request.revision)
    const query = readListQuery(list, request.body, { reference, viewer: request.viewer })
    const user = request.user?.id as number
    const isForgotten = Boolean(request.body.forget)
    await app.db.transaction((trx) => (isForgotten ? forget(trx, list, user) : keep(trx, list, user, query)))
    await request.flash(isForgotten ? text.list.forgotten : text.list.kept)
    const shown = { ...query, columns: undefined, sort: null, kept: { sort: null, per: query.per } }
    return reply.redirect(listAddress(list.path, shown, { page: null }), 303)
  })

  app.post<{ Body: Body }>('/list-preferences/columns', { config: adjusting }, async (request, reply) => {
    const list = listNamed(request, typedIn(request.body, 'list'))
    const drawn = { columns: typedIn(request.body, 'columns'), widths: typedIn(request.body, 'widths') }
    await app.db.transaction((trx) => arrange(trx, list, request.user?.id as number, drawn))
    return reply.redirect(list.path, 303)
  })
}
