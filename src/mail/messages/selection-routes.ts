import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { moduleAt } from '../../kernel/modules/catalogue.ts'
import { ownMount } from '../../kernel/modules/mount.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { type SelectionPlace, selectionPlaces } from '../../kernel/selections/place.ts'
import { listOf, pathOf } from '../../kernel/selections/run-work.ts'
import { findSelection, type Selection } from '../../kernel/selections/selection.ts'
import type { AccessOf } from '../../kernel/web/access.ts'
import { type Body, type FieldError, readForm } from '../../kernel/web/form.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import type { List } from '../../kernel/web/list.ts'
import { registerListAct } from '../../kernel/web/list-acts.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { forbidden } from '../../kernel/web/refusal.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { isWrittenTo } from '../mailings/written-to.ts'
import { beginning, keepWritten, selectionFields, writingPage } from './writing.ts'

const permission = 'mail.create' as const
/** Whether the records of the list at a path have an address to write to. */
function hasAddresses(path: string): boolean {
  const module = moduleAt(path)
  return module !== undefined && isWrittenTo(module)
}

/** Writes to all that is selected, one message each 「写邮件」. */
export function selectionMailRoutes(app: FastifyInstance) {
  const isFor = ({ path }: List) => hasAddresses(path)
  registerListAct({ value: 'mail', label: text.mail.write, path: 'mail', permission, isFor })
  for (const place of selectionPlaces())
    if (place.path === ownMount.path || hasAddresses(place.path)) writingRoutes(app, place)
}

function writingRoutes(app: FastifyInstance, { path: lists, of }: SelectionPlace) {
  // Of lists that rows define, those without addresses have no such page.
  const right: AccessOf = (request) => (hasAddresses(of(request).path) ? permission : undefined)
  const access = hasAddresses(lists) ? permission : right
  const options = { config: { permission: access }, schema: { params: idParams } }
  const path = `${lists}/selections/:id/mail`

  async function selected(request: FastifyRequest<IdParams>) {
    const list = of(request)
    const { view } = list.permissions
    if (view !== 'signed-in' && !request.can(view)) throw forbidden()
    return findSelection(app.db, list, request.params.id, request.viewer.id)
  }

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
    const to = { selection_id: selection.id }
    const address = await idempotent(app.db, typed, (trx) => keepWritten(trx, request, to, values, false))
    return reply.redirect(address, 303)
  })

  type Shown = { selection: Selection; typed: Body; errors?: FieldError[] }
  const page = (request: FastifyRequest, reply: FastifyReply, { selection, typed, errors = [] }: Shown) =>
    writingPage(app, request, reply, {
      title: text.mail.writeToMany(showCount(selection.row_count), of(request).selection.noun),
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
