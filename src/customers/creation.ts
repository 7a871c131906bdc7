import type { FastifyInstance, FastifyReply } from 'fastify'
import { isUniqueViolation } from '../db/dialect.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { settingsAt } from '../settings.ts'
import { text } from '../texts/index.ts'
import type { Body, FieldError } from '../web/form.ts'
import { newFormId, once } from '../web/submissions.ts'
import { addCustomer } from './customer.ts'
import { codeTaken, customerForm, newCustomerTyped, readCustomer } from './form.ts'

/** New customers. */
export function creationRoutes(app: FastifyInstance) {
  app.get('/customers/new', { config: { permission: 'customers.create' } }, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const typed = newCustomerTyped(request.user?.id as number, reference)
    return newPage(reply, typed, [], reference, newFormId())
  })

  app.post<{ Body: Body }>('/customers', { config: { permission: 'customers.create' } }, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const { values, errors } = readCustomer(request.body, reference)
    if (request.body.refresh) return newPage(reply, request.body, [], reference, String(request.body.form_id))
    if (errors.length > 0) return newPage(reply.code(422), request.body, errors, reference, newFormId())
    const maker = { actor: request.actor, settings: await settingsAt(app.db, request.revision) }
    try {
      const location = await once(
        app.db,
        request.body.form_id,
        async (trx) => `/customers/${await addCustomer(trx, values, maker)}`,
      )
      await request.flash(text.customers.saved(String(values.name)))
      return reply.redirect(location, 303)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return newPage(reply.code(422), request.body, [codeTaken], reference, newFormId())
    }
  })
}

const newPage = (reply: FastifyReply, typed: Body, errors: FieldError[], reference: Reference, formId: string) =>
  reply.page('shared/form', {
    title: text.customers.create,
    ...customerForm({ typed, errors, reference, formId, action: '/customers', cancelHref: '/customers' }),
  })
