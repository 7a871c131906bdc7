import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { transferSaid } from '../../kernel/web/bulk.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError, formView } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Stale, versionIn } from '../../kernel/web/record.ts'
import { readTransfer, receiverFor, transferGroup } from '../../kernel/web/transfer-form.ts'
import { text } from '../../texts/index.ts'
import { changeCustomers } from './bulk.ts'
import { type Customer, findCustomer, visibleCustomers } from './customer.ts'
import { givenCustomers } from './selecting.ts'

const permission = 'customers.transfer' as const
const { noun } = givenCustomers

/** Gives one customer to somebody else 「移交」. */
export function transferRoutes(app: FastifyInstance) {
  const options = { config: { permission }, schema: { params: idParams } }
  const path = '/customers/:id/transfer'
  const asked = async ({ viewer, params, revision }: FastifyRequest<IdParams>) => ({
    customer: await findCustomer(app.db, viewer, params.id, permission),
    reference: await referenceAt(app.db, revision),
    field: await receiverFor(app.db, revision, [givenCustomers]),
  })

  app.get<IdParams>(path, options, async (request, reply) => transferPage(reply, await asked(request)))

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const { customer, reference, field } = await asked(request)
    const typed = request.body ?? {}
    const { receiver, reason, errors } = readTransfer(typed, field, noun, reference)
    const name = reference.person(receiver)?.name ?? ''
    if (receiver === customer.owner_id) errors.push(fieldError(field, text.transfers.same(noun, name)))
    if (errors.length > 0) return transferPage(reply.code(422), { customer, reference, field, typed, errors })
    const { actor, viewer } = request
    await app.db.transaction(async (trx) => {
      const meant = [{ id: customer.id, version: versionIn(typed) }]
      const by = { actor, viewer, reference, said: transferSaid(permission, reason) }
      const { changed } = await changeCustomers(trx, meant, { column: 'owner_id', value: receiver }, by)
      if (changed === 0) throw new Stale()
    })
    await request.flash(text.transfers.done(customer.name, name))
    const isSeen = await visibleCustomers(app.db, viewer).where('customers.id', customer.id).first('customers.id')
    return reply.redirect(isSeen ? `/customers/${customer.id}` : '/customers', 303)
  })
}

type Asked = { customer: Customer; reference: Reference; field: Field; typed?: Body; errors?: FieldError[] }

function transferPage(reply: FastifyReply, { customer, reference, field, typed = {}, errors = [] }: Asked) {
  const address = `/customers/${customer.id}`
  const view = formView({
    id: 'transfer',
    action: `${address}/transfer`,
    groups: [transferGroup(field, noun)],
    typed,
    errors,
    reference,
    version: customer.version,
    submitLabel: text.transfers.button,
    cancelHref: address,
  })
  return reply.page('shared/form', { title: text.transfers.title(noun, customer.name), ...view })
}
