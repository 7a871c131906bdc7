import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Customer, findCustomer } from '../customers/customer.ts'
import { isUniqueViolation } from '../db/dialect.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { settingsAt } from '../settings.ts'
import { text } from '../texts/index.ts'
import { type Body, type FieldError, fieldError, formView, readForm } from '../web/form.ts'
import { listRoutes } from '../web/list-routes.ts'
import { newFormId, once } from '../web/submissions.ts'
import { contactCardRoutes } from './card.ts'
import { addContact } from './contact.ts'
import { contactDeletionRoutes } from './deletion.ts'
import { contactEditRoutes } from './edit.ts'
import { contactField, contactFields, contactGroups } from './fields.ts'
import { contactList } from './list.ts'
import { type CustomerParams, customerParams } from './params.ts'

const codeTaken = fieldError(contactField('code'), text.contacts.codeTaken)

export async function contactRoutes(app: FastifyInstance) {
  listRoutes(app, contactList)
  contactCardRoutes(app)
  contactEditRoutes(app)
  contactDeletionRoutes(app)

  app.get<CustomerParams>(
    '/customers/:customerId/contacts/new',
    { config: { permission: 'contacts.create' }, schema: { params: customerParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.params.customerId)
      return newPage(reply, customer, {}, [], await referenceAt(app.db, request.revision))
    },
  )

  app.post<CustomerParams & { Body: Body }>(
    '/customers/:customerId/contacts',
    { config: { permission: 'contacts.create' }, schema: { params: customerParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.params.customerId)
      const reference = await referenceAt(app.db, request.revision)
      const { values, errors } = readForm(contactFields, request.body, reference)
      if (errors.length > 0) return newPage(reply.code(422), customer, request.body, errors, reference)
      const maker = { actor: request.actor, settings: await settingsAt(app.db, request.revision) }
      try {
        const location = await once(app.db, request.body.form_id, async (trx) => {
          await addContact(trx, customer.id, values, maker)
          return `/customers/${customer.id}/contacts`
        })
        await request.flash(text.contacts.saved(String(values.name)))
        return reply.redirect(location, 303)
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        return newPage(reply.code(422), customer, request.body, [codeTaken], reference)
      }
    },
  )
}

function newPage(reply: FastifyReply, customer: Customer, typed: Body, errors: FieldError[], reference: Reference) {
  const path = `/customers/${customer.id}/contacts`
  const view = formView({
    id: 'contact',
    action: path,
    cancelHref: path,
    groups: contactGroups,
    typed,
    errors,
    reference,
    formId: newFormId(),
  })
  return reply.page('shared/form', { title: text.contacts.createFor(customer.name), ...view })
}
