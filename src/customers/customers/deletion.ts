import type { FastifyInstance } from 'fastify'
import type { Body } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
import { countContacts } from '../contacts/contact.ts'
import { type Customer, findCustomer } from './customer.ts'
import { deleteCustomer } from './recycling.ts'

/** Into the recycle bin, after a page that says what will happen. */
export function deletionRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'customers.delete' as const }, schema: { params: idParams } }

  app.get<IdParams>('/customers/:id/deletion', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.id, 'customers.delete')
    const confirm = deletionView(customer, await countContacts(app.db, customer.id))
    return reply.page('shared/confirm', { title: text.customers.deletion, confirm })
  })

  app.post<IdParams & { Body: Body }>('/customers/:id/deletion', options, async (request, reply) => {
    const name = await app.db.transaction(async (trx) => {
      const customer = await findCustomer(trx, request.viewer, request.params.id, 'customers.delete')
      refuseStale(request.body, customer)
      await deleteCustomer(trx, customer, request.actor)
      return customer.name
    })
    await request.flash(text.customers.deleted(name))
    return reply.redirect('/customers', 303)
  })
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
