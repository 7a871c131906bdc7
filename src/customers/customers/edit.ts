import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import { keepBoxes } from '../../kernel/web/field-rules.ts'
import { type Body, type FieldError, typedIn, type Values } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import type { Match } from '../duplicates/find.ts'
import { withDuplicates } from '../duplicates/form-part.ts'
import { acceptedName, refuseDuplicate } from '../duplicates/refuse.ts'
import { type Customer, customerKind, findCustomer, saveCustomer } from './customer.ts'
import { customerFields } from './fields.ts'
import { customerForm, storedTyped } from './form.ts'
import { type FormParts, formParts, readTyped } from './form-parts.ts'
import { newTagsField, takeNewTags } from './new-tags.ts'
import { whyRefused } from './refused.ts'

/** Changing a customer, also by two people at once. */
export function editRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'customers.update' as const }, schema: { params: idParams } }

  app.get<IdParams>('/customers/:id/edit', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.id, 'customers.update')
    const { version } = customer
    const form = await formParts(app.db, request, customer)
    return editPage(app.db, reply, { ...form, customer, typed: storedTyped(customer), version })
  })

  app.post<IdParams & { Body: Body }>('/customers/:id', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.id, 'customers.update')
    const typed = takeChoices(customerKind, request.body, customer)
    const form = { ...(await formParts(app.db, request, customer)), typed }
    const { values, names, errors } = readTyped(form, customer)
    const edit = { ...form, customer, version: versionIn(typed) }
    if (typed.refresh) return editPage(app.db, reply, edit)
    if (errors.length > 0) return editPage(app.db, reply.code(422), { ...edit, errors })
    try {
      const save = { ...edit, values, names, actor: request.actor }
      const isChanged = await app.db.transaction(async (trx) => {
        const isChanged = await saveCustomer(trx, customer.id, { ...save, ...(await takeNewTags(trx, save)) })
        if (isChanged) await refuseDuplicate(trx, values, { ...form, before: customer })
        return isChanged
      })
      await request.flash(isChanged ? text.customers.saved(String(values.name)) : text.customers.unchanged)
      await flashDoubts(request, customerFields, values, customer)
      return reply.redirect(`/customers/${customer.id}`, 303)
    } catch (error) {
      if (error instanceof Stale) return conflictPage(app.db, request, reply, { ...edit, values })
      return editPage(app.db, reply.code(422), { ...edit, ...whyRefused(error) })
    }
  })
}

const boxes = keepBoxes(customerFields).map(({ name }) => name)

type Edit = FormParts & {
  customer: Customer
  typed: Body
  version: number
  errors?: FieldError[]
  matches?: Match[]
}

async function editPage(db: Knex, reply: FastifyReply, { customer, matches, ...form }: Edit) {
  const path = `/customers/${customer.id}`
  const view = customerForm({ ...form, action: path, cancelHref: path })
  return reply.page('shared/form', {
    title: text.customers.edit,
    ...(await withDuplicates(db, view, { ...form, before: customer, matches })),
  })
}

async function conflictPage(
  db: Knex,
  request: FastifyRequest,
  reply: FastifyReply,
  { customer: { id }, typed, values, version, reference }: Edit & { values: Values },
) {
  const theirs = await findCustomer(db, request.viewer, id)
  const extras = [...boxes, newTagsField.name, acceptedName].map((name) => ({ name, value: typedIn(typed, name) }))
  const parts = { theirs, yours: values, version, path: `/customers/${id}`, extras, reference }
  return sendConflict(db, reply, customerKind, parts)
}
