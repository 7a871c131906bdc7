import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Permission } from '../permissions.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { transferSaid } from '../web/bulk.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, formView, typedIn } from '../web/form.ts'
import { showCount } from '../web/formatting.ts'
import type { SelectableList } from '../web/list.ts'
import { type IdParams, idParams } from '../web/params.ts'
import type { Selecting } from '../web/selecting.ts'
import { newFormId } from '../web/submissions.ts'
import { type Given, readTransfer, receiverField, receiverFor, transferGroup } from '../web/transfer-form.ts'
import { changeLines } from './preview.ts'
import { listOf, pathOf, work } from './run-work.ts'
import { findSelection, type Selection } from './selection.ts'

type Transfer = NonNullable<Selecting['transfer']>

/** Gives all that is selected to somebody else 「移交」. */
export function selectionTransferRoutes(app: FastifyInstance, list: SelectableList, { permission, column }: Transfer) {
  const options = { config: { permission }, schema: { params: idParams } }
  const path = `${list.path}/selections/:id/transfer`
  const given: Given = { noun: list.selection.noun, column, view: list.permissions.view as Permission }
  const asked = async (request: FastifyRequest<IdParams>, typed: Body): Promise<Asked> => ({
    selection: await findSelection(app.db, list, request.params.id, request.user?.id as number),
    reference: await referenceAt(app.db, request.revision),
    field: await receiverFor(app.db, request.revision, [given]),
    given,
    typed,
  })
  const read = ({ field, typed, reference }: Asked) => readTransfer(typed, field, given.noun, reference)

  app.get<IdParams & { Querystring: Body }>(path, options, async (request, reply) => {
    const form = await asked(request, request.query)
    if (form.typed[column] === undefined) return transferPage(reply, form)
    const { receiver, errors } = read(form)
    if (errors.length > 0) return transferPage(reply.code(422), form, errors)
    const by = { viewer: request.viewer, reference: form.reference, permission }
    const { changed, lines } = await changeLines(app.db, form.selection, receiverField(column), receiver, by)
    return reply.page('shared/confirm', confirmView(form, receiver, changed, lines))
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const form = await asked(request, request.body ?? {})
    const { receiver, reason, errors } = read(form)
    if (errors.length > 0) return transferPage(reply.code(422), form, errors)
    const label = text.transfers.label(form.reference.person(receiver)?.name ?? '')
    const said = transferSaid(permission, reason)
    return work(app, request, reply, form.selection, { label, change: { column, value: receiver }, said })
  })
}

type Asked = { selection: Selection; reference: Reference; field: Field; given: Given; typed: Body }

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
