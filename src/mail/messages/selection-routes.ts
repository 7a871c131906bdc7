import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { kindOf } from '../../kernel/selections/kinds.ts'
import { listOf, pathOf } from '../../kernel/selections/run-work.ts'
import { findSelection, type Selection } from '../../kernel/selections/selection.ts'
import { type Body, type FieldError, readForm } from '../../kernel/web/form.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import type { SelectableList } from '../../kernel/web/list.ts'
import { registerListAct } from '../../kernel/web/list-acts.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { beginning, keepWritten, selectionFields, writingPage } from './writing.ts'

const permission = 'mail.create' as const
/** The lists whose rows have an address to write to. */
const lists = ['/customers', '/contacts'] as const

/** Writes to all that is selected, one message each 「写邮件」. */
export function selectionMailRoutes(app: FastifyInstance) {
  registerListAct(lists, { value: 'mail', label: text.mail.write, path: 'mail', permission })
  for (const list of lists) writingRoutes(app, kindOf({ list }).list)
}

function writingRoutes(app: FastifyInstance, list: SelectableList) {
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
    const address = await idempotent(app.db, typed, (trx) => keepWritten(trx, request, to, values, false))
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
