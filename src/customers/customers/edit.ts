import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Knex } from 'knex'
import { acceptedName } from '../../kernel/modules/alike.ts'
import { undoLink } from '../../kernel/modules/undo.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import { keepBoxes } from '../../kernel/web/field-rules.ts'
import type { Body, FieldError } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { versionIn } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
import type { Match } from '../duplicates/find.ts'
import { withDuplicates } from '../duplicates/form-part.ts'
import { refuseDuplicate } from '../duplicates/refuse.ts'
import { type Customer, customerKind, findCustomer, saveCustomer } from './customer.ts'
import { customers } from './customers.ts'
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
    const parts = await formParts(app.db, request, customer)
    const form = (typed: Body) => ({ ...parts, typed })
    const edit = { ...parts, customer }
    if (request.body.refresh)
      return editPage(app.db, reply, { ...edit, typed: request.body, version: versionIn(request.body) })
    let refusal: ReturnType<typeof whyRefused> | undefined
    const taken = await takeEdit(app, request, reply, {
      kind: customerKind,
      before: customer,
      find: () => findCustomer(app.db, request.viewer, customer.id),
      path: `/customers/${customer.id}`,
      extras,
      read: (typed) => readTyped(form(typed), customer),
      save: async (trx, saving, { typed, read }) => {
        const living = await takeNewTags(trx, { ...saving, names: read.names })
        const isChanged = await saveCustomer(trx, customer.id, { ...saving, ...living })
        if (isChanged) await refuseDuplicate(trx, saving.values, { ...form(typed), before: customer })
        return isChanged
      },
      again: (reply, sent) => editPage(app.db, reply, { ...edit, ...sent, ...refusal }),
      refused: (error) => {
        refusal = whyRefused(error)
        return refusal.errors ?? []
      },
    })
    if (!taken) return reply
    const undo = taken.saved ? await undoLink(app.db, customers, request.viewer, customer.id) : undefined
    const said = taken.saved ? text.customers.saved(String(taken.values.name)) : text.customers.unchanged
    await request.flash(said, 'notice', undo)
    await flashDoubts(request, customerFields, taken.values, customer)
    return reply.redirect(`/customers/${customer.id}`, 303)
  })
}

const extras = [...keepBoxes(customerFields).map(({ name }) => name), newTagsField.name, acceptedName]

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
