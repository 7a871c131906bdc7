import type { FastifyInstance } from 'fastify'
import { text } from '../../texts/index.ts'
import type { Body } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { refuseStale } from '../web/record.ts'
import { changeable } from './changeable.ts'
import { viewAddress } from './links.ts'
import { adjusting } from './preferences.ts'
import { type ListView, removeView } from './view.ts'

/** A view goes for good, after a page that says whether others have it too. */
export function viewDeletionRoutes(app: FastifyInstance) {
  const options = { config: adjusting, schema: { params: idParams } }

  app.get<IdParams>('/list-views/:id/deletion', options, async (request, reply) => {
    const view = await changeable(app, request)
    return reply.page('shared/confirm', { title: text.listViews.deletion, confirm: deletionView(view) })
  })

  app.post<IdParams & { Body: Body }>('/list-views/:id/deletion', options, async (request, reply) => {
    const view = await changeable(app, request)
    refuseStale(request.body, view)
    await app.db.transaction((trx) => removeView(trx, view, request.actor))
    await request.flash(text.listViews.deleted(view.name))
    return reply.redirect(view.list, 303)
  })
}

const deletionView = (view: ListView) => ({
  title: text.listViews.deletion,
  text: text.listViews.deletionText(view.name),
  details: [view.is_shared ? text.listViews.deletionShared : text.listViews.deletionOwn],
  action: `/list-views/${view.id}/deletion`,
  submitLabel: text.listViews.confirm,
  isDanger: true,
  cancelHref: viewAddress(view),
  hidden: [{ name: 'version', value: String(view.version) }],
})
