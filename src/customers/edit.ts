import type { FastifyInstance, FastifyReply } from 'fastify'
import { isUniqueViolation } from '../db/dialect.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import type { Body, FieldError, Values } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { conflictView, Stale, takeChoices } from '../web/record.ts'
import { type Customer, customerKind, findCustomer, saveCustomer } from './customer.ts'
import { codeTaken, customerForm, readCustomer, storedTyped } from './form.ts'

/** Changing a customer, also by two people at once. */
export function editRoutes(app: FastifyInstance) {
  app.get<IdParams>(
    '/customers/:id/edit',
    { config: { permission: 'customers.update' }, schema: { params: idParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.params.id)
      return editPage(
        reply,
        customer,
        storedTyped(customer),
        [],
        await referenceAt(app.db, request.revision),
        customer.version,
      )
    },
  )

  app.post<IdParams & { Body: Body }>(
    '/customers/:id',
    { config: { permission: 'customers.update' }, schema: { params: idParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.params.id)
      const reference = await referenceAt(app.db, request.revision)
      const body = takeChoices(customerKind, request.body, customer)
      const version = Number(body.version)
      const { values, errors } = readCustomer(body, reference, customer)
      if (body.refresh) return editPage(reply, customer, body, [], reference, version)
      if (errors.length > 0) return editPage(reply.code(422), customer, body, errors, reference, version)
      try {
        const isChanged = await app.db.transaction((trx) =>
          saveCustomer(trx, customer, { version, values, actor: request.actor, reference }),
        )
        await request.flash(isChanged ? text.customers.saved(String(values.name)) : text.customers.unchanged)
        return reply.redirect(`/customers/${customer.id}`, 303)
      } catch (error) {
        if (isUniqueViolation(error)) return editPage(reply.code(422), customer, body, [codeTaken], reference, version)
        if (!(error instanceof Stale)) throw error
        return conflictPage(reply, await findCustomer(app.db, customer.id), { values, version }, reference)
      }
    },
  )

  const conflictPage = async (
    reply: FastifyReply,
    theirs: Customer,
    mine: { values: Values; version: number },
    reference: Reference,
  ) =>
    reply.code(409).page('shared/conflict', {
      title: text.record.conflictTitle,
      ...(await conflictView(app.db, customerKind, {
        theirs,
        yours: mine.values,
        version: mine.version,
        action: `/customers/${theirs.id}`,
        cancelHref: `/customers/${theirs.id}`,
        reference,
      })),
    })
}

const editPage = (
  reply: FastifyReply,
  customer: Customer,
  typed: Body,
  errors: FieldError[],
  reference: Reference,
  version: number,
) =>
  reply.page('shared/form', {
    title: text.customers.edit,
    ...customerForm({
      typed,
      errors,
      reference,
      version,
      action: `/customers/${customer.id}`,
      cancelHref: `/customers/${customer.id}`,
    }),
  })
