import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { beginning, keepWritten, selectionFields, writingPage } from '../../mail/messages/writing.ts'
import type { Permission } from '../permissions.ts'
import { referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { type Body, type FieldError, readForm } from '../web/form.ts'
import { showCount } from '../web/formatting.ts'
import type { SelectableList } from '../web/list.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { newFormId, once } from '../web/submissions.ts'
import { listOf, pathOf } from './run-work.ts'
import { findSelection, type Selection } from './selection.ts'

/** Writes to all that is selected, one message each 「写邮件」. */
export function selectionMailRoutes(app: FastifyInstance, list: SelectableList, permission: Permission) {
  const options = { config: { permission }, schema: { params: idParams } }
  const path = `${list.path}/selections/:id/mail`
  const selected = (request: FastifyRequest<IdParams>) =>
    findSelection(app.db, list, request.params.id, request.user?.id as number)

  app.get<IdParams & { Querystring: { template?: unknown } }>(path, options, async (request, reply) => {
    const selection = await selected(request)
    return page(request, reply, { selection, typed: await beginning(app.db, request.viewer, request.query.template) })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const selection = await selected(request)
    const reference = await referenceAt(app.db, request.revision)
    const typed = request.body
    const { values, errors } = readForm(selectionFields, typed, reference)
    if (errors.length > 0) return page(request, reply.code(422), { selection, typed, errors })
    const to = { customer_id: null, contact_id: null, selection_id: selection.id }
    const address = await once(app.db, typed, (trx) => keepWritten(trx, request, to, values, false))
    return reply.redirect(address, 303)
  })

  type Shown = { selection: Selection; typed: Body; errors?: FieldError[] }
  const page = (request: FastifyRequest, reply: FastifyReply, { selection, typed, errors = [] }: Shown) =>
    writingPage(app, request, reply, {
      title: text.mail.writeToMany(showCount(selection.row_count), list.selection.noun),
      action: pathOf(selection, 'mail'),
      cancelHref: listOf(selection),
      fields: selectionFields,
      isPreviewedFirst: true,
      typed,
      errors,
      formId: String(typed.form_id ?? newFormId()),
      chooser: { action: pathOf(selection, 'mail'), hidden: [] },
    })
}
