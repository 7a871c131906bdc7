import type { FastifyInstance, FastifyRequest } from 'fastify'
import { customerList } from '../customers/list.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { type Body, typedIn } from '../web/form.ts'
import { listAddress, wholeQuery } from '../web/list-query.ts'
import { actsFor } from './acts.ts'
import { changeRoutes } from './changes.ts'
import { selectionDeletionRoutes } from './deletion.ts'
import { outputRoutes } from './output.ts'
import { findSelection, queryOf, selectRows, selectWhole } from './selection.ts'
import { selectionJobs } from './work.ts'

/** Many customers at once: they are selected in the list, then comes a page that says how many they are. */
export async function selectionRoutes(app: FastifyInstance) {
  selectionJobs(app)

  app.post<{ Body: Body }>(
    '/customers/selections',
    { config: { permission: 'customers.view' } },
    async (request, reply) => {
      const reference = await referenceAt(app.db, request.revision)
      const act = actsFor(request).find(({ value }) => value === typedIn(request.body, 'act'))
      const id = act && (await select(app, request, reference))
      const selection = id && (await findSelection(app.db, id, request.user?.id as number))
      if (selection && selection.row_count > 0) return reply.redirect(`/customers/selections/${id}/${act.path}`, 303)
      await request.flash(text.selections.nothing, 'warning')
      return reply.redirect(listAddress(customerList.path, queryOf(typedIn(request.body, 'query'), reference)), 303)
    },
  )

  outputRoutes(app)
  changeRoutes(app)
  selectionDeletionRoutes(app)
}

/** Keeps what was ticked, what the page shows, or everything the query finds. */
async function select(app: FastifyInstance, { body, user }: FastifyRequest, reference: Reference): Promise<number> {
  const typed = body as Body
  const query = wholeQuery(customerList, queryOf(typedIn(typed, 'query'), reference))
  const userId = user?.id as number
  if (typedIn(typed, 'scope') === 'whole') return selectWhole(app.db, userId, query, reference)
  const ids = typedIn(typed, 'scope') === 'page' ? typedIn(typed, 'shown').split(',') : [typed.ids ?? []].flat()
  return app.db.transaction((trx) => selectRows(trx, userId, query, idsIn(ids)))
}

const mostOnPage = 100
const idsIn = (typed: unknown[]) => [
  ...new Set(
    typed
      .map(String)
      .filter((one) => /^[1-9]\d{0,8}$/.test(one))
      .slice(0, mostOnPage)
      .map(Number),
  ),
]
