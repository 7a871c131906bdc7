import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import type { Permission } from '../permissions.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { transferSaid } from '../web/bulk.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, typedIn } from '../web/form.ts'
import { formView } from '../web/form-view.ts'
import { showCount } from '../web/formatting.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { notFound } from '../web/refusal.ts'
import { newFormId } from '../web/submissions.ts'
import { type Given, readTransfer, receiverField, receiverFor, transferGroup } from '../web/transfer-form.ts'
import type { SelectionPlace } from './place.ts'
import { changeLines } from './preview.ts'
import { listOf, pathOf, work } from './run-work.ts'
import { findSelection, type Selection } from './selection.ts'

/** Gives all that is selected to somebody else 「移交」. */
export function selectionTransferRoutes(app: FastifyInstance, { path: place, of, right }: SelectionPlace) {
  const granted = right('transfer')
  if (!granted) return
  const options = { config: { permission: granted }, schema: { params: idParams } }
  const path = `${place}/selections/:id/transfer`

  const asked = async (request: FastifyRequest<IdParams>, typed: Body): Promise<Asked> => {
    const list = of(request)
    const { noun, transfer } = list.selection
    if (!transfer) throw notFound()
    const given: Given = { noun, column: transfer.column, view: list.permissions.view as Permission }
    return {
      selection: await findSelection(app.db, list, request.params.id, request.user?.id as number),
      reference: await referenceAt(app.db, request.revision),
      field: await receiverFor(app.db, request.revision, [given]),
      given,
      typed,
    }
  }
  const read = ({ field, typed, given, reference }: Asked) => readTransfer(typed, field, given.noun, reference)

  app.get<IdParams & { Querystring: Body }>(path, options, async (request, reply) => {
    const form = await asked(request, request.query)
    const { selection, reference, given, typed } = form
    if (typed[given.column] === undefined) return transferPage(reply, form)
    const { receiver, errors } = read(form)
    if (errors.length > 0) return transferPage(reply.code(422), form, errors)
    const by = { viewer: request.viewer, reference, act: 'transfer' as const }
    const { changed, lines } = await changeLines(app.db, selection, receiverField(given.column), receiver, by)
    return reply.page('shared/confirm', confirmView(form, receiver, changed, lines))
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const form = await asked(request, request.body ?? {})
    const { receiver, reason, errors } = read(form)
    if (errors.length > 0) return transferPage(reply.code(422), form, errors)
    const label = text.transfers.label(form.reference.person(receiver)?.name ?? '')
    const said = transferSaid(reason)
    const change = { column: form.given.column, value: receiver }
    return work(app, request, reply, form.selection, { label, change, said })
  })
}

type Asked = {
  selection: Selection
  reference: Reference
  field: Field
  given: Given
  typed: Body
}

function transferPage(
  reply: FastifyReply,
  { selection, reference, field, given: { noun }, typed }: Asked,
  errors: FieldError[] = [],
) {
  const view = formView({
    id: 'transfer',
    method: 'get',
    action: pathOf(selection, 'transfer'),
    groups: [{ ...transferGroup(field, noun), title: text.transfers.selectionHint(noun) }],
    typed,
    errors,
    reference,
    submitLabel: text.selections.next,
    cancelHref: listOf(selection),
  })
  return reply.page('shared/form', { title: text.transfers.selection(showCount(selection.row_count), noun), ...view })
}

function confirmView(
  { selection, reference, given, typed }: Asked,
  receiver: number,
  changed: number,
  lines: string[],
) {
  const { noun, column } = given
  const title = text.transfers.selection(showCount(selection.row_count), noun)
  const label = text.transfers.label(reference.person(receiver)?.name ?? '')
  const confirm = {
    title,
    text: text.selections.changes(label, showCount(changed), noun),
    details: [...lines, text.selections.undoHint],
    action: pathOf(selection, 'transfer'),
    submitLabel: text.transfers.button,
    cancelHref: listOf(selection),
    hidden: [
      ...[column, 'reason'].map((name) => ({ name, value: typedIn(typed, name) })),
      { name: 'form_id', value: newFormId() },
    ],
  }
  return { title, confirm }
}
