import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Knex } from 'knex'
import { isUniqueViolation } from '../db/dialect.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { type Body, type FieldError, typedIn, type Values } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { conflictView, Stale, takeChoices, versionIn } from '../web/record.ts'
import { customerKind, findCustomer, saveCustomer } from './customer.ts'
import { codeTaken, customerForm, keepCode, readCustomer, storedTyped } from './form.ts'

/** Changing a customer, also by two people at once. */
export function editRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'customers.update' as const }, schema: { params: idParams } }

  app.get<IdParams>('/customers/:id/edit', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    return editPage(reply, { id: customer.id, typed: storedTyped(customer), version: customer.version, reference })
  })

  app.post<IdParams & { Body: Body }>('/customers/:id', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    const typed = takeChoices(customerKind, request.body, customer)
    const { values, errors } = readCustomer(typed, reference, customer)
    const edit = { id: customer.id, typed, version: versionIn(typed), reference }
    if (typed.refresh) return editPage(reply, edit)
    if (errors.length > 0) return editPage(reply.code(422), { ...edit, errors })
    try {
      const save = { ...edit, values, actor: request.actor }
      const isChanged = await app.db.transaction((trx) => saveCustomer(trx, customer.id, save))
      await request.flash(isChanged ? text.customers.saved(String(values.name)) : text.customers.unchanged)
      return reply.redirect(`/customers/${customer.id}`, 303)
    } catch (error) {
      if (isUniqueViolation(error)) return editPage(reply.code(422), { ...edit, errors: [codeTaken] })
      if (error instanceof Stale) return conflictPage(app.db, reply, { ...edit, values })
      throw error
    }
  })
}

type Edit = { id: number; typed: Body; version: number; reference: Reference; errors?: FieldError[] }

function editPage(reply: FastifyReply, { id, ...form }: Edit) {
  const path = `/customers/${id}`
  return reply.page('shared/form', {
    title: text.customers.edit,
    ...customerForm({ ...form, action: path, cancelHref: path }),
  })
}

async function conflictPage(
  db: Knex,
  reply: FastifyReply,
  { id, typed, values, version, reference }: Edit & { values: Values },
) {
  const path = `/customers/${id}`
  const theirs = await findCustomer(db, id)
  const parts = { theirs, yours: values, version, action: path, cancelHref: path, reference }
  const { conflict } = await conflictView(db, customerKind, parts)
  const kept = typedIn(typed, keepCode.name)
  const hidden = kept ? [...conflict.hidden, { name: keepCode.name, value: kept }] : conflict.hidden
  return reply
    .code(409)
    .page('shared/conflict', { title: text.record.conflictTitle, conflict: { ...conflict, hidden } })
}
