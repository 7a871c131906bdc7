import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import type { Body } from '../web/form.ts'
import { showCount, showInstant } from '../web/formatting.ts'
import { listPage } from '../web/list-page.ts'
import { readListQuery } from '../web/list-query.ts'
import { listRoutes } from '../web/list-routes.ts'
import { listView } from '../web/list-view.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { Refusal } from '../web/refusal.ts'
import { idempotent, newFormId } from '../web/submissions.ts'
import { type BatchAct, findAct, isUndoable, latestAct, mayUndo } from './act.ts'
import { actList, keptList, stateCell } from './act-list.ts'
import { kindOf } from './kinds.ts'
import { outcomeOf, undoOrAsk } from './undo.ts'

const t = text.batchActs
const config = { permission: 'signed-in' } as const
const one = { config, schema: { params: idParams } }

/** What was done to many at once, and taking it back within a day; whose acts those are is asked in act.ts. */
export function batchActRoutes(app: FastifyInstance) {
  listRoutes(app, actList)

  // Where the bar of ticked rows leads: what this person did last to rows of the list, to be taken back.
  app.get<{ Querystring: { list?: string } }>('/latest-batch-act', { config }, async (request, reply) => {
    const act = await latestAct(app.db, request.viewer, String(request.query.list ?? ''))
    const isThere = act && mayUndo(request.viewer, act) && (await isUndoable(app.db, act))
    return reply.redirect(isThere ? `/batch-acts/${act.id}/undo` : '/batch-acts', 303)
  })

  app.get<IdParams>('/batch-acts/:id', one, async (request, reply) => {
    const act = await findAct(app.db, request.viewer, request.params.id)
    const canUndo = mayUndo(request.viewer, act) && (await isUndoable(app.db, act))
    const reference = await referenceAt(app.db, request.revision)
    const person = reference.person(act.user_id)?.name ?? ''
    const view = { title: act.label, card: cardView(request, act, person, canUndo) }
    if (act.state !== 'undone' || act.undone_count === act.changed_count) return reply.page('shared/card', view)
    const kept = keptList(act)
    const query = readListQuery(kept, request.query as Body, { reference, viewer: request.viewer })
    const list = listView(request, kept, query, await listPage(app.db, kept, query), reference)
    return reply.page('shared/card', { ...view, list })
  })

  app.get<IdParams>('/batch-acts/:id/undo', one, async (request, reply) => {
    const act = await undoable(request)
    const confirm = {
      title: t.undoTitle,
      text: t.undoText(act.label, showCount(act.changed_count - act.undone_count)),
      details: t.undoDetails,
      action: `/batch-acts/${act.id}/undo`,
      submitLabel: t.undo,
      isDanger: true,
      cancelHref: `/batch-acts/${act.id}`,
      hidden: [{ name: 'form_id', value: newFormId() }],
    }
    return reply.page('shared/confirm', { title: t.undoTitle, confirm })
  })

  app.post<IdParams & { Body: Body }>('/batch-acts/:id/undo', one, async (request, reply) => {
    const act = await findAct(app.db, request.viewer, request.params.id)
    const by = { actor: request.actor, reference: await referenceAt(app.db, request.revision) }
    const address = `/batch-acts/${act.id}`
    const location = await idempotent(app.db, request.body, async (trx) => {
      const job = await undoOrAsk(trx, await undoable(request, trx), by)
      return job === undefined ? address : `/jobs/${job}`
    })
    app.wakeJobs()
    if (location === address) await request.flash(outcomeOf(await findAct(app.db, request.viewer, act.id)))
    return reply.redirect(location, 303)
  })

  async function undoable({ viewer, params }: FastifyRequest<IdParams>, db = app.db): Promise<BatchAct> {
    const act = await findAct(db, viewer, params.id)
    if (!mayUndo(viewer, act)) throw new Refusal({ status: 409, message: t.forbidden })
    if (!(await isUndoable(db, act))) throw new Refusal({ status: 409, message: t.undoneAlready })
    return act
  }
}

const cardView = (request: FastifyRequest, act: BatchAct, person: string, canUndo: boolean) => ({
  title: act.label,
  tags: [stateCell(act)],
  actions: canUndo ? [{ label: t.undo, href: `/batch-acts/${act.id}/undo`, kind: 'danger' as const }] : [],
  back: request.can(kindOf(act).list.permissions.view as never) ? act.list : actList.path,
  facts: [
    { label: t.columns.user, text: person },
    { label: t.columns.acted_at, text: showInstant(act.acted_at) },
    { label: t.columns.changed_count, text: showCount(act.changed_count) },
    ...(act.undone_count > 0 ? [{ label: t.columns.undone_count, text: showCount(act.undone_count) }] : []),
  ],
  groups: [],
})
