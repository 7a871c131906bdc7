import type { FastifyInstance, FastifyRequest } from 'fastify'
import { contactsOf, countContacts } from '../contacts/contact.ts'
import { customerContactsView } from '../contacts/list.ts'
import { recordEvent } from '../history.ts'
import { referenceAt } from '../reference.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { eventOf, historyView } from '../web/record.ts'
import { showInstant } from '../web/show.ts'
import { cardGroups, customerCard, type Tab } from './card.ts'
import { type Customer, customerKind, findCustomer } from './customer.ts'

/** The card of a customer, its tabs and its print view. */
export function customerCardRoutes(app: FastifyInstance) {
  const referenceOf = (request: FastifyRequest) => referenceAt(app.db, request.revision)

  const tabRoute = (tab: Tab, path: string, more: (request: FastifyRequest, customer: Customer) => Promise<object>) =>
    app.get<IdParams>(
      path,
      { config: { permission: tab === 'contacts' ? 'contacts.view' : 'customers.view' }, schema: { params: idParams } },
      async (request, reply) => {
        const customer = await findCustomer(app.db, request.params.id)
        const card = customerCard(request, customer, await referenceOf(request), {
          tab,
          contacts: await countContacts(app.db, customer.id),
        })
        return reply.page('shared/card', { title: customer.name, card, ...(await more(request, customer)) })
      },
    )

  tabRoute('overview', '/customers/:id', async () => ({}))
  tabRoute('history', '/customers/:id/history', async (_request, customer) => ({
    history: await historyView(app.db, customerKind, customer.id),
  }))
  tabRoute('contacts', '/customers/:id/contacts', async (request, customer) => ({
    list: customerContactsView(request, customer, await contactsOf(app.db, customer.id), await referenceOf(request)),
  }))

  app.get<IdParams>(
    '/customers/:id/print',
    { config: { permission: 'customers.print' }, schema: { params: idParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.params.id)
      const reference = await referenceOf(request)
      await recordEvent(app.db, request.actor, { ...eventOf(customerKind, customer), action: 'print' })
      const contacts = request.can('contacts.view') ? await contactsOf(app.db, customer.id) : []
      return reply.page('customers/print', {
        title: customer.name,
        subtitle: customer.code,
        madeAt: showInstant(new Date()),
        groups: cardGroups(customer, reference),
        contacts: contacts.length > 0 ? customerContactsView(request, customer, contacts, reference) : null,
        backHref: `/customers/${customer.id}`,
      })
    },
  )
}
