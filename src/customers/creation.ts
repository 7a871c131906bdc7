import type { FastifyInstance, FastifyReply } from 'fastify'
import { isUniqueViolation } from '../db/dialect.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { settingsAt } from '../settings.ts'
import { text } from '../texts/index.ts'
import { type Body, type FieldError, typedIn } from '../web/form.ts'
import { newFormId, once } from '../web/submissions.ts'
import { addCustomer } from './customer.ts'
import { codeTaken, customerForm, newCustomerTyped, readCustomer } from './form.ts'

/** New customers. */
export function creationRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'customers.create' as const } }

  app.get('/customers/new', options, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    return newPage(reply, { typed: newCustomerTyped(request.user?.id as number, reference), reference })
  })

  app.post<{ Body: Body }>('/customers', options, async (request, reply) => {
    const typed = request.body
    const reference = await referenceAt(app.db, request.revision)
    const { values, errors } = readCustomer(typed, reference)
    if (typed.refresh) return newPage(reply, { typed, reference, formId: typedIn(typed, 'form_id') || newFormId() })
    if (errors.length > 0) return newPage(reply.code(422), { typed, errors, reference })
    const maker = { actor: request.actor, settings: await settingsAt(app.db, request.revision) }
    try {
      const add = async (trx: typeof app.db) => `/customers/${await addCustomer(trx, values, maker)}`
      const location = await once(app.db, typed.form_id, add)
      await request.flash(text.customers.saved(String(values.name)))
      return reply.redirect(location, 303)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      return newPage(reply.code(422), { typed, errors: [codeTaken], reference })
    }
  })
}

type New = { typed: Body; reference: Reference; errors?: FieldError[]; formId?: string }

const newPage = (reply: FastifyReply, { formId = newFormId(), ...form }: New) =>
  reply.page('shared/form', {
    title: text.customers.create,
    ...customerForm({ ...form, formId, action: '/customers', cancelHref: '/customers' }),
  })
