import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { type Reference, referenceAt } from '../reference.ts'
import type { Access } from '../web/access.ts'
import { type Body, typedIn } from '../web/form.ts'
import type { SelectableList } from '../web/list.ts'
import { actsFor } from '../web/list-acts.ts'
import { listAddress, wholeQuery } from '../web/list-query.ts'
import { batchActRoutes } from './act-routes.ts'
import { changeRoutes } from './changes.ts'
import { selectionDeletionRoutes } from './deletion.ts'
import { outputRoutes } from './output.ts'
import { type SelectionPlace, selectionPlaces } from './place.ts'
import { pathOf } from './run-work.ts'
import { findSelection, queryOf, selectRows, selectWhole } from './selection.ts'
import { selectionTransferRoutes } from './transfer.ts'

/** Many rows of a list at once: they are selected there, then comes a page that says how many they are. */
export async function selectionRoutes(app: FastifyInstance) {
  batchActRoutes(app)
  for (const place of selectionPlaces()) {
    choiceRoute(app, place)
    outputRoutes(app, place)
    changeRoutes(app, place)
    selectionTransferRoutes(app, place)
    selectionDeletionRoutes(app, place)
  }
}

function choiceRoute(app: FastifyInstance, { path, of, right }: SelectionPlace) {
  const options = { config: { permission: right('view') as Access } }

  app.post<{ Body: Body }>(`${path}/selections`, options, async (request, reply) => {
    const list = of(request)
    const reference = await referenceAt(app.db, request.revision)
    const act = actsFor(request, list).find(({ value }) => value === typedIn(request.body, 'act'))
    const id = act && (await select(app, request, list, reference))
    const selection = id && (await findSelection(app.db, list, id, request.user?.id as number))
    if (selection && selection.row_count > 0) return reply.redirect(pathOf(selection, act.path), 303)
    await request.flash(text.selections.none(list.selection.noun), 'warning')
    return reply.redirect(
      listAddress(list.path, queryOf(list, typedIn(request.body, 'query'), { reference, viewer: request.viewer })),
      303,
    )
  })
}

/** Keeps what was ticked, what the page shows, or everything the query finds. */
async function select(
  { db }: FastifyInstance,
  { body, viewer }: FastifyRequest,
  list: SelectableList,
  reference: Reference,
): Promise<number> {
  const typed = body as Body
  const query = wholeQuery(queryOf(list, typedIn(typed, 'query'), { reference, viewer }), list)
  const chosen = { list, query, viewer }
  if (typedIn(typed, 'scope') === 'whole') return selectWhole(db, chosen, reference)
  const ids = typedIn(typed, 'scope') === 'page' ? typedIn(typed, 'shown').split(',') : [typed.ids ?? []].flat()
  return db.transaction((trx) => selectRows(trx, chosen, idsIn(ids)))
}

/** Ticks stay over pages. */
const mostTicked = 2000
const idsIn = (typed: unknown[]) => [
  ...new Set(
    typed
      .map(String)
      .filter((one) => /^[1-9]\d{0,8}$/.test(one))
      .slice(0, mostTicked)
      .map(Number),
  ),
]
