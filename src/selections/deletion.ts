import type { FastifyInstance } from 'fastify'
import { text } from '../texts/index.ts'
import type { Body } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { showCount } from '../web/show.ts'
import { newFormId } from '../web/submissions.ts'
import { listOf, work } from './back.ts'
import { findSelection, type Selection } from './selection.ts'

/** All that is selected into the recycle bin, after a page that says how many. */
export function selectionDeletionRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'customers.delete' as const }, schema: { params: idParams } }
  const path = '/customers/selections/:id/deletion'

  app.get<IdParams>(path, options, async (request, reply) => {
    const selection = await findSelection(app.db, request.params.id, request.user?.id as number)
    return reply.page('shared/confirm', { title: text.selections.deletion, confirm: deletionView(selection) })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const selection = await findSelection(app.db, request.params.id, request.user?.id as number)
    return work(app, request, reply, selection, { label: text.selections.deleted, change: 'delete' })
  })
}

const deletionView = (selection: Selection) => ({
  title: text.selections.deletion,
  text: text.selections.deletionText(showCount(selection.row_count)),
  details: text.selections.deletionDetails,
  action: `/customers/selections/${selection.id}/deletion`,
  submitLabel: text.selections.confirm,
  isDanger: true,
  cancelHref: listOf(selection),
  hidden: [{ name: 'form_id', value: newFormId() }],
})
