import type { FastifyInstance } from 'fastify'
import { countContacts } from '../contacts/contact.ts'
import { text } from '../texts/index.ts'
import type { Body } from '../web/form.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { Refusal } from '../web/refusal.ts'
import { type Customer, deleteCustomer, findCustomer } from './customer.ts'

/** Into the recycle bin, after a page that says what will happen. */
export function deletionRoutes(app: FastifyInstance) {
  app.get<IdParams>(
    '/customers/:id/deletion',
    { config: { permission: 'customers.delete' }, schema: { params: idParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.params.id)
      return reply.page('shared/confirm', {
        title: text.customers.deletion,
        confirm: deletionView(customer, await countContacts(app.db, customer.id)),
      })
    },
  )

  app.post<IdParams & { Body: Body }>(
    '/customers/:id/deletion',
    { config: { permission: 'customers.delete' }, schema: { params: idParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.params.id)
      if (Number(request.body?.version) !== customer.version)
        throw new Refusal({ status: 409, message: text.record.stale })
      await app.db.transaction((trx) => deleteCustomer(trx, customer, request.actor))
      await request.flash(text.customers.deleted(customer.name))
      return reply.redirect('/customers', 303)
    },
  )
}

const deletionView = (customer: Customer, contacts: number) => ({
  title: text.customers.deletion,
  text: text.customers.deletionText(customer.name),
  details: text.customers.deletionDetails(contacts),
  action: `/customers/${customer.id}/deletion`,
  submitLabel: text.customers.confirm,
  isDanger: true,
  cancelHref: `/customers/${customer.id}`,
  hidden: [{ name: 'version', value: String(customer.version) }],
})
