import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { transferSaid } from '../web/bulk.ts'
import type { Field } from '../web/fields.ts'
import { type Body, type FieldError, fieldError } from '../web/form.ts'
import { formView } from '../web/form-view.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { Stale, versionIn } from '../web/record.ts'
import { notFound } from '../web/refusal.ts'
import { type Given, readTransfer, receiverFor, transferGroup } from '../web/transfer-form.ts'
import { changeMany } from './bulk.ts'
import { givenColumn, type Module, rightOf, type Stored } from './module.ts'
import type { Mount } from './mount.ts'
import { placeAfter, seenName } from './reading.ts'
import { findRecord } from './records.ts'
import { undoLink } from './undo.ts'

/** Gives one record to somebody else 「移交」. */
export function transferRoutes(app: FastifyInstance, { records: place, of, right }: Mount) {
  const permission = right('transfer')
  if (!permission) return
  const options = { config: { permission }, schema: { params: idParams } }
  const path = `${place}/:id/transfer`

  const asked = async (request: FastifyRequest<IdParams>): Promise<Asked> => {
    const module = of(request)
    const column = givenColumn(module)
    if (!column) throw notFound()
    const given: Given = { noun: module.label, column, view: rightOf(module, 'view') }
    return {
      module,
      column,
      record: await findRecord(app.db, module, request.viewer, request.params.id, 'transfer'),
      reference: await referenceAt(app.db, request.revision),
      field: await receiverFor(app.db, request.revision, [given]),
    }
  }

  app.get<IdParams>(path, options, async (request, reply) => transferPage(reply, await asked(request)))

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const form = await asked(request)
    const { module, column, record, reference, field } = form
    const typed = request.body ?? {}
    const { receiver, reason, errors } = readTransfer(typed, field, module.label, reference)
    const name = reference.person(receiver)?.name ?? ''
    if (receiver === record[column]) errors.push(fieldError(field, text.transfers.same(module.label, name)))
    if (errors.length > 0) return transferPage(reply.code(422), form, typed, errors)
    const { actor, viewer } = request
    const by = { actor, viewer, reference, said: transferSaid(reason) }
    const meant = [{ id: record.id, version: versionIn(typed) }]
    const done = await app.db.transaction((trx) => changeMany(trx, module, meant, { column, value: receiver }, by))
    if (done.reason) return transferPage(reply.code(422), form, typed, [fieldError(field, done.reason)])
    if (done.changed === 0) throw new Stale()
    const undo = await undoLink(app.db, module, viewer, record.id)
    await request.flash(text.transfers.done(seenName(module, record, viewer), name), 'notice', undo)
    return reply.redirect(await placeAfter(app.db, module, viewer, record), 303)
  })
}

type Asked = { module: Module; column: string; record: Stored; reference: Reference; field: Field }

function transferPage(
  reply: FastifyReply,
  { module, record, reference, field }: Asked,
  typed: Body = {},
  errors: FieldError[] = [],
) {
  const address = `${module.path}/${record.id}`
  const view = formView({
    id: 'transfer',
    action: `${address}/transfer`,
    groups: [transferGroup(field, module.label)],
    typed,
    errors,
    reference,
    version: record.version,
    submitLabel: text.transfers.button,
    cancelHref: address,
  })
  return reply.page('shared/form', {
    title: text.transfers.title(module.label, seenName(module, record, reply.request.viewer)),
    ...view,
  })
}
