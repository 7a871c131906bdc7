import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { registerCardAct } from '../../kernel/modules/card-acts.ts'
import { declaredModules, moduleNamed } from '../../kernel/modules/catalogue.ts'
import { fileRightsOn } from '../../kernel/modules/file-rights.ts'
import type { Module, Stored } from '../../kernel/modules/module.ts'
import { seenName } from '../../kernel/modules/reading.ts'
import { placeOf } from '../../kernel/modules/record-address.ts'
import { findRecord } from '../../kernel/modules/records.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { type Body, type FieldError, written } from '../../kernel/web/form.ts'
import { isOnCard, sayOnCard } from '../../kernel/web/on-card.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Stale, versionIn } from '../../kernel/web/record.ts'
import { forbidden, notFound, Refusal } from '../../kernel/web/refusal.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { changeMailing, findMailing, type Mailing, refuseStarted } from '../mailings/mailing.ts'
import { asHeading, type Recipient } from '../mailings/merge.ts'
import { recipientsAt } from '../mailings/recipients.ts'
import { isWrittenTo } from '../mailings/written-to.ts'
import { type Asked, askedFor, hiddenOf, isMeant, writingPath } from './asked.ts'
import {
  beginning,
  chosenTo,
  keepWritten,
  readWritten,
  recipientValue,
  selectionFields,
  singleFields,
  start,
  writingId,
  writingPage,
} from './writing.ts'

const t = text.mail

type Place = { module: Module; record: Stored; recipients: Recipient[] }
type Query = { Querystring: Record<string, unknown> }

/** Writing to one recipient, and changing a draft. */
export function writingRoutes(app: FastifyInstance) {
  const config = { permission: 'mail.create' as const }
  const one = { config, schema: { params: idParams } }
  registerCardAct({ label: t.write, permission: config.permission, href: writingPath, formId: writingId })

  app.get<Query>('/mail/new', { config }, async (request, reply) => {
    const asked = await askedFor(app.db, request.viewer, request.query)
    if (asked === undefined) {
      await request.flash(t.chooseRecord, 'warning')
      return reply.redirect(declaredModules().find(isWrittenTo)?.path ?? '/mail', 303)
    }
    const at = await placeFor(request, asked)
    const chosen = at.recipients.find((one) => isMeant(one, asked)) ?? at.recipients[0]
    const typed = {
      recipient: chosen && recipientValue(chosen),
      ...(await beginning(app.db, request.viewer, request.query.template)),
    }
    return page(request, reply, { ...at, typed, asked, isOnCard: isOnCard(request.query) })
  })

  app.post<Query & { Body: Body }>('/mail', { config }, async (request, reply) => {
    const asked = await askedFor(app.db, request.viewer, request.query)
    if (asked === undefined) throw new Refusal({ message: t.noRecord })
    const at = await placeFor(request, asked)
    const reference = await referenceAt(app.db, request.revision)
    const fields = singleFields(at.recipients, request.viewer)
    const { values, errors, isSent } = await readWritten(app.db, request, fields, reference)
    const typed = request.body
    const isAddedOnCard = isOnCard(typed)
    if (errors.length > 0) {
      if (isAddedOnCard) sayOnCard(reply, writingId)
      return page(request, reply.code(422), { ...at, typed, errors, asked, isOnCard: isAddedOnCard })
    }
    const to = chosenTo(at.recipients, values.recipient)
    const address = await idempotent(app.db, typed, (trx) => keepWritten(trx, request, { to }, values, isSent))
    app.wakeJobs()
    await request.flash(isSent ? t.started : t.draftSaved)
    return reply.redirect(isSent && isAddedOnCard ? placeOf(at.module, at.record) : address, 303)
  })

  app.get<IdParams>('/mailings/:id/edit', one, async (request, reply) => {
    const mailing = await draft(request)
    const { fields } = await formOf(request, mailing)
    const typed = { ...written(fields, mailing), recipient: recipientValue(mailing) }
    return writingPage(app, request, reply, { ...editing(mailing), fields, typed })
  })

  app.post<IdParams & { Body: Body }>('/mailings/:id', one, async (request, reply) => {
    const mailing = await draft(request)
    const reference = await referenceAt(app.db, request.revision)
    const { fields, recipients } = await formOf(request, mailing)
    const typed = request.body
    const version = versionIn(typed)
    const read = await readWritten(app.db, request, fields, reference)
    const { values, errors } = read
    const isSent = read.isSent && mailing.selection_id === null
    if (errors.length > 0)
      return writingPage(app, request, reply.code(422), { ...editing(mailing), fields, typed, errors, version })
    const { recipient, ...changed } = values
    if (recipient) Object.assign(changed, chosenTo(recipients, recipient))
    if (version !== mailing.version) throw new Stale()
    await app.db.transaction(async (trx) => {
      await changeMailing(trx, mailing.id, version, changed)
      if (isSent) await start(trx, request, await findMailing(trx, mailing.id, request.viewer.id))
    })
    app.wakeJobs()
    await request.flash(isSent ? t.started : t.draftSaved)
    return reply.redirect(`/mailings/${mailing.id}`, 303)
  })

  /** The record that is written at, and who can be written to there. Throws notFound or forbidden where that is out of reach. */
  async function placeFor({ viewer }: FastifyRequest, { module, id }: Asked): Promise<Place> {
    const record = await findRecord(app.db, module, viewer, id)
    const may = await fileRightsOn(app.db, module, viewer, record)
    if (!may('mail.view')) throw notFound()
    if (!may('mail.create')) throw forbidden()
    return { module, record, recipients: await recipientsAt(app.db, viewer, module, id) }
  }

  async function draft(request: FastifyRequest<IdParams>): Promise<Mailing> {
    const mailing = await findMailing(app.db, request.params.id, request.viewer.id)
    refuseStarted(mailing)
    return mailing
  }

  async function formOf(request: FastifyRequest, { record_type, record_id, selection_id }: Mailing) {
    if (selection_id !== null) return { fields: selectionFields, recipients: [] }
    const module = moduleNamed(record_type ?? '')
    if (!module) throw notFound()
    const { recipients } = await placeFor(request, { module, id: record_id as number })
    return { fields: singleFields(recipients, request.viewer), recipients }
  }

  type Shown = Place & { typed: Body; asked: Asked; isOnCard: boolean; errors?: FieldError[] }
  async function page(request: FastifyRequest, reply: FastifyReply, shown: Shown) {
    const { module, record, recipients, typed, asked, isOnCard, errors = [] } = shown
    const hidden = hiddenOf(asked)
    const name = seenName(module, record, request.viewer)
    const nobody = recipients.length === 0 ? [{ field: '', label: '', message: t.noAddress(name) }] : []
    const [{ name: one, value }] = hidden
    return writingPage(app, request, reply, {
      title: t.writeTo(name),
      action: `/mail?${one}=${value}`,
      cancelHref: placeOf(module, record),
      fields: singleFields(recipients, request.viewer),
      typed,
      errors: [...nobody, ...errors],
      formId: String(typed.form_id ?? newFormId()),
      ...(isOnCard && { hidden: { on_card: 'true' } }),
      chooser: { action: '/mail/new', hidden },
    })
  }
}

const editing = ({ id, subject, version, selection_id }: Mailing) => ({
  title: t.draftTitle(asHeading(subject)),
  action: `/mailings/${id}`,
  cancelHref: `/mailings/${id}`,
  version,
  isPreviewedFirst: selection_id !== null,
})
