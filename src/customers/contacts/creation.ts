import type { FastifyInstance, FastifyReply } from 'fastify'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import type { Body, FieldError } from '../../kernel/web/form.ts'
import { idempotent, newFormId } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { type Customer, findCustomer } from '../customers/customer.ts'
import { addContact } from './contact.ts'
import { contactFields } from './fields.ts'
import { codeTaken, contactForm, readContact } from './form.ts'
import { type CustomerParams, customerParams } from './params.ts'

/** New contacts of a customer. */
export function contactCreationRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'contacts.create' as const }, schema: { params: customerParams } }
  const path = '/customers/:customerId/contacts'

  app.get<CustomerParams>(`${path}/new`, options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, 'contacts.create')
    return newPage(reply, { customer, typed: {}, reference: await referenceAt(app.db, request.revision) })
  })

  app.post<CustomerParams & { Body: Body }>(path, options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, 'contacts.create')
    const reference = await referenceAt(app.db, request.revision)
    const { values, errors } = readContact(request.body, reference)
    const form = { customer, typed: request.body, reference }
    if (errors.length > 0) return newPage(reply.code(422), { ...form, errors })
    const maker = { actor: request.actor, settings: await settingsAt(app.db, request.revision) }
    try {
      const location = await idempotent(app.db, request.body, async (trx) => {
        await addContact(trx, customer.id, values, maker)
        return pathOf(customer)
      })
      await request.flash(text.contacts.saved(String(values.name)))
      await flashDoubts(request, contactFields, values)
      return reply.redirect(location, 303)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return newPage(reply.code(422), { ...form, errors: [codeTaken] })
    }
  })
}

const pathOf = (customer: Customer) => `/customers/${customer.id}/contacts`

type New = { customer: Customer; typed: Body; reference: Reference; errors?: FieldError[] }

function newPage(reply: FastifyReply, { customer, ...form }: New) {
  const path = pathOf(customer)
  const view = contactForm({ ...form, formId: newFormId(), action: path, cancelHref: path })
  return reply.page('shared/form', { title: text.contacts.createFor(customer.name), ...view })
}
