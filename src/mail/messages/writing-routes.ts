import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Customer, findCustomer } from '../../customers/customers/customer.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { type Body, written } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Stale, versionIn } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { changeMailing, findMailing, type Mailing, refuseStarted } from '../mailings/mailing.ts'
import { asHeading, type Recipient } from '../mailings/merge.ts'
import { recipientsAt } from '../mailings/recipients.ts'
import {
  beginning,
  keepWritten,
  readWritten,
  recipientValue,
  selectionFields,
  singleFields,
  start,
  writingPage,
} from './writing.ts'

const t = text.mail
type Query = { Querystring: { customer?: unknown; contact?: unknown; template?: unknown } }

/** Writing to one customer, and changing a draft. */
export function writingRoutes(app: FastifyInstance) {
  const config = { permission: 'mail.create' as const }
  const one = { config, schema: { params: idParams } }

  app.get<Query>('/mail/new', { config }, async (request, reply) => {
    const id = idIn(request.query.customer)
    if (id === undefined) {
      await request.flash(t.chooseCustomer, 'warning')
      return reply.redirect('/customers', 303)
    }
    const { customer, recipients } = await asked(request, id)
    const contact = idIn(request.query.contact) ?? null
    const chosen = (contact && recipients.find(({ contact_id }) => contact_id === contact)) || recipients[0]
    const typed = {
      recipient: chosen && recipientValue(chosen),
      ...(await beginning(app.db, request.viewer, request.query.template)),
    }
    return page(request, reply, { customer, recipients, typed, contact })
  })

  app.post<Query & { Body: Body }>('/mail', { config }, async (request, reply) => {
    const id = idIn(request.query.customer)
    if (id === undefined) throw new Refusal({ message: t.noCustomer })
    const { customer, recipients } = await asked(request, id)
    const reference = await referenceAt(app.db, request.revision)
    const fields = singleFields(recipients, request.viewer)
    const { values, errors, isSent } = await readWritten(app.db, request, fields, reference)
    const typed = request.body
    if (errors.length > 0) return page(request, reply.code(422), { customer, recipients, typed, errors, contact: null })
    const to = { customer_id: customer.id, contact_id: contactIn(values.recipient), selection_id: null }
    const address = await idempotent(app.db, typed, (trx) => keepWritten(trx, request, to, values, isSent))
    app.wakeJobs()
    await request.flash(isSent ? t.started : t.draftSaved)
    return reply.redirect(address, 303)
  })

  app.get<IdParams>('/mailings/:id/edit', one, async (request, reply) => {
    const mailing = await draft(request)
    const fields = await fieldsOf(request, mailing)
    const typed = { ...written(fields, mailing), recipient: recipientValue(mailing) }
    return writingPage(app, request, reply, { ...editing(mailing), fields, typed })
  })

  app.post<IdParams & { Body: Body }>('/mailings/:id', one, async (request, reply) => {
    const mailing = await draft(request)
    const reference = await referenceAt(app.db, request.revision)
    const fields = await fieldsOf(request, mailing)
    const typed = request.body
    const version = versionIn(typed)
    const read = await readWritten(app.db, request, fields, reference)
    const { values, errors } = read
    const isSent = read.isSent && mailing.selection_id === null
    if (errors.length > 0)
      return writingPage(app, request, reply.code(422), { ...editing(mailing), fields, typed, errors, version })
    const { recipient, ...changed } = values
    if (recipient) changed.contact_id = contactIn(recipient)
    if (version !== mailing.version) throw new Stale()
    await app.db.transaction(async (trx) => {
      await changeMailing(trx, mailing.id, version, changed)
      if (isSent) await start(trx, request, await findMailing(trx, mailing.id, request.viewer.id))
    })
    app.wakeJobs()
    await request.flash(isSent ? t.started : t.draftSaved)
    return reply.redirect(`/mailings/${mailing.id}`, 303)
  })

  async function asked(request: FastifyRequest, id: number) {
    const customer = await findCustomer(app.db, request.viewer, id, 'mail.create')
    return { customer, recipients: await recipientsAt(app.db, request.viewer, id) }
  }

  async function draft(request: FastifyRequest<IdParams>): Promise<Mailing> {
    const mailing = await findMailing(app.db, request.params.id, request.viewer.id)
    refuseStarted(mailing)
    return mailing
  }

  async function fieldsOf(request: FastifyRequest, { customer_id, selection_id }: Mailing) {
    if (selection_id !== null) return selectionFields
    return singleFields((await asked(request, customer_id as number)).recipients, request.viewer)
  }

  type Shown = { customer: Customer; recipients: Recipient[]; typed: Body; contact: number | null }
  async function page(
    request: FastifyRequest,
    reply: Parameters<typeof writingPage>[2],
    {
      customer,
      recipients,
      typed,
      contact,
      errors = [],
    }: Shown & { errors?: Parameters<typeof writingPage>[3]['errors'] },
  ) {
    const hidden = [{ name: 'customer', value: String(customer.id) }]
    if (contact) hidden.push({ name: 'contact', value: String(contact) })
    const nobody = recipients.length === 0 ? [{ field: '', label: '', message: t.noAddress(customer.name) }] : []
    return writingPage(app, request, reply, {
      title: t.writeTo(customer.name),
      action: `/mail?customer=${customer.id}`,
      cancelHref: `/customers/${customer.id}/mail`,
      fields: singleFields(recipients, request.viewer),
      typed,
      errors: [...nobody, ...errors],
      formId: String(typed.form_id ?? newFormId()),
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

/** A number in an address; undefined for anything that is none. */
function idIn(typed: unknown): number | undefined {
  return typeof typed === 'string' && /^[1-9]\d{0,8}$/.test(typed) ? Number(typed) : undefined
}

const contactIn = (recipient: unknown): number | null => {
  const [, id] = /^contact-(\d+)$/.exec(String(recipient)) ?? []
  return id ? Number(id) : null
}
