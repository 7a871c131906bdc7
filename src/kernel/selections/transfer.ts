import type { FastifyInstance, FastifyReply } from 'fastify'
import { receiverFor } from '../../customers/customers/receivers.ts'
import {
  readTransfer,
  reasonField,
  receiverField,
  saidOf,
  transferGroup,
} from '../../customers/customers/transfer-form.ts'
import type { Permission } from '../permissions.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, formView, typedIn } from '../web/form.ts'
import { showCount } from '../web/formatting.ts'
import type { SelectableList } from '../web/list.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { newFormId } from '../web/submissions.ts'
import { changeLines } from './preview.ts'
import { listOf, pathOf, work } from './run-work.ts'
import { findSelection, type Selection } from './selection.ts'

/** Gives all that is selected to somebody else 「移交」. */
export function selectionTransferRoutes(app: FastifyInstance, list: SelectableList, permission: Permission) {
  const options = { config: { permission }, schema: { params: idParams } }
  const path = `${list.path}/selections/:id/transfer`

  app.get<IdParams & { Querystring: Body }>(path, options, async (request, reply) => {
    const selection = await findSelection(app.db, list, request.params.id, request.user?.id as number)
    const reference = await referenceAt(app.db, request.revision)
    const field = await receiverFor(app.db, request.revision)
    const typed = request.query
    if (typed[receiverField.name] === undefined) return transferPage(reply, { selection, reference, field })
    const { receiver, errors } = readTransfer(typed, field, reference)
    if (errors.length > 0) return transferPage(reply.code(422), { selection, reference, field, typed, errors })
    const by = { viewer: request.viewer, reference, permission }
    const { changed, lines } = await changeLines(app.db, selection, receiverField, receiver, by)
    return reply.page('shared/confirm', confirmView({ selection, reference, typed }, receiver, changed, lines))
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const selection = await findSelection(app.db, list, request.params.id, request.user?.id as number)
    const reference = await referenceAt(app.db, request.revision)
    const field = await receiverFor(app.db, request.revision)
    const typed = request.body ?? {}
    const { receiver, reason, errors } = readTransfer(typed, field, reference)
    if (errors.length > 0) return transferPage(reply.code(422), { selection, reference, field, typed, errors })
    const label = text.transfers.label(reference.person(receiver)?.name ?? '')
    const change = { column: 'owner_id', value: receiver }
    return work(app, request, reply, selection, { label, change, said: saidOf(reason) })
  })
}

type Asked = { selection: Selection; reference: Reference; field: Field; typed?: Body; errors?: FieldError[] }

function transferPage(reply: FastifyReply, { selection, reference, field, typed = {}, errors = [] }: Asked) {
  const view = formView({
    id: 'transfer',
    method: 'get',
    action: pathOf(selection, 'transfer'),
    groups: [{ ...transferGroup(field), title: text.transfers.selectionHint }],
    typed,
    errors,
    reference,
    submitLabel: text.selections.next,
    cancelHref: listOf(selection),
  })
  return reply.page('shared/form', { title: text.transfers.selection(showCount(selection.row_count)), ...view })
}

function confirmView(
  { selection, reference, typed = {} }: Omit<Asked, 'field'>,
  receiver: number,
  changed: number,
  lines: string[],
) {
  const title = text.transfers.selection(showCount(selection.row_count))
  const label = text.transfers.label(reference.person(receiver)?.name ?? '')
  const confirm = {
    title,
    text: text.selections.changes(label, showCount(changed), text.customers.one),
    details: [...lines, text.selections.undoHint],
    action: pathOf(selection, 'transfer'),
    submitLabel: text.transfers.button,
    cancelHref: listOf(selection),
    hidden: [
      ...[receiverField, reasonField].map(({ name }) => ({ name, value: typedIn(typed, name) })),
      { name: 'form_id', value: newFormId() },
    ],
  }
  return { title, confirm }
}
