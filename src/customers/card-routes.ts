import type { FastifyInstance, FastifyRequest } from 'fastify'
import { contactsOf } from '../contacts/contact.ts'
import { customerContactsView } from '../contacts/tab.ts'
import { referenceAt } from '../reference.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { historyView } from '../web/record.ts'
import type { Tab } from './card.ts'
import { customerCardOf } from './card-page.ts'
import { type Customer, customerKind, findCustomer } from './customer.ts'

/** The card of a customer and its tabs. */
export function customerCardRoutes(app: FastifyInstance) {
  const referenceOf = (request: FastifyRequest) => referenceAt(app.db, request.revision)

  const tabRoute = (tab: Tab, path: string, more: (request: FastifyRequest, customer: Customer) => Promise<object>) => {
    const permission = tab === 'contacts' ? 'contacts.view' : 'customers.view'
    app.get<IdParams>(path, { config: { permission }, schema: { params: idParams } }, async (request, reply) => {
      const customer = await findCustomer(app.db, request.viewer, request.params.id, permission)
      const card = await customerCardOf(app.db, request, customer, tab)
      return reply.page('shared/card', { title: customer.name, card, ...(await more(request, customer)) })
    })
  }

  tabRoute('overview', '/customers/:id', async () => ({}))
  tabRoute('history', '/customers/:id/history', async (_request, customer) => ({
    history: await historyView(app.db, customerKind, customer.id),
  }))
  tabRoute('contacts', '/customers/:id/contacts', async (request, customer) => ({
    list: customerContactsView(request, {
      customer,
      contacts: await contactsOf(app.db, customer.id),
      reference: await referenceOf(request),
    }),
  }))
}
