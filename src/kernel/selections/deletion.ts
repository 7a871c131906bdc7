import type { FastifyInstance } from 'fastify'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import type { Body } from '../web/form.ts'
import { showCount } from '../web/formatting.ts'
import { type IdParams, idParams } from '../web/params.ts'
import type { Selecting } from '../web/selecting.ts'
import { newFormId } from '../web/submissions.ts'
import type { SelectionPlace } from './place.ts'
import { deletionLines } from './preview.ts'
import { listOf, pathOf, work } from './run-work.ts'
import { findSelection, type Selection } from './selection.ts'

/** All that is selected into the recycle bin, or for good, after a page that says how many. */
export function selectionDeletionRoutes(app: FastifyInstance, { path: place, of, right }: SelectionPlace) {
  const permission = right('delete')
  if (!permission) return
  const options = { config: { permission }, schema: { params: idParams } }
  const path = `${place}/selections/:id/deletion`

  app.get<IdParams>(path, options, async (request, reply) => {
    const list = of(request)
    const selection = await findSelection(app.db, list, request.params.id, request.user?.id as number)
    const by = { viewer: request.viewer, reference: await referenceAt(app.db, request.revision) }
    const found = await deletionLines(app.db, selection, { ...by, act: 'delete' })
    const confirm = deletionView(selection, list.selection, found)
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const list = of(request)
    const selection = await findSelection(app.db, list, request.params.id, request.user?.id as number)
    const label = list.selection.isForGood ? text.selections.deletedForGood : text.selections.deleted
    return work(app, request, reply, selection, { label, change: 'delete' })
  })
}

type Found = Awaited<ReturnType<typeof deletionLines>>

const deletionView = (
  selection: Selection,
  { noun, deletionDetails, isForGood }: Selecting,
  { count, lines }: Found,
) => ({
  title: text.selections.deletion(noun),
  text: text.selections.deletionText(showCount(count), noun),
  details: [...lines, ...deletionDetails, ...(isForGood ? [] : [text.selections.undoHint])],
  action: pathOf(selection, 'deletion'),
  submitLabel: text.selections.confirm,
  isDanger: true,
  cancelHref: listOf(selection),
  hidden: [{ name: 'form_id', value: newFormId() }],
})
