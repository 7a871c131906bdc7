import type { FastifyInstance, FastifyRequest } from 'fastify'
import { noteOpened } from '../../kernel/desk/recent.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { belowView, belowViews } from '../../kernel/modules/below.ts'
import { recordHistory } from '../../kernel/modules/history.ts'
import { timelineOf } from '../../kernel/modules/timeline.ts'
import type { Permission } from '../../kernel/permissions.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { seeing } from '../../kernel/web/unmasking.ts'
import { messages } from '../../mail/messages/messages.ts'
import { text } from '../../texts/index.ts'
import type { Contact } from '../contacts/contact.ts'
import { contacts as contactModule } from '../contacts/contacts.ts'
import { contactsOnCard, customerContactsView } from '../contacts/tab.ts'
import type { Tab } from './card.ts'
import { contactsSeen, customerCardOf } from './card-page.ts'
import { type Customer, customerKind, findCustomer } from './customer.ts'
import { customers } from './customers.ts'
import { wholeCustomer } from './unmasking.ts'

/** What asks for another right than to look at customers. */
const tabRights: Partial<Record<Tab, Permission>> = { contacts: 'contacts.view', mail: 'mail.view' }

/** Of so many contacts their changes are told on the card of their customer. */
const mostTold = 50

/** What a tab shows beside the card. */
type More = (request: FastifyRequest, customer: Customer, contacts: Contact[] | undefined) => Promise<object>

/** The card of a customer and its tabs, and the wish to read what is masked on them. */
export function customerCardRoutes(app: FastifyInstance) {
  const referenceOf = (request: FastifyRequest) => referenceAt(app.db, request.revision)

  const tabRoute = (tab: Tab, path: string, more: More) => {
    const permission = tabRights[tab] ?? 'customers.view'
    app.get<IdParams>(path, { config: { permission }, schema: { params: idParams } }, async (request, reply) => {
      const customer = await findCustomer(app.db, request.viewer, request.params.id, permission)
      const contacts = await contactsSeen(app.db, request, customer)
      const card = await customerCardOf(app.db, request, customer, { tab, contacts })
      return reply.page('shared/card', { title: customer.name, card, ...(await more(request, customer, contacts)) })
    })
  }

  app.post<IdParams>(
    '/customers/:id/unmasking',
    { config: { permission: 'customers.unmask' }, schema: { params: idParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.viewer, request.params.id, 'customers.unmask')
      await recordEvent(app.db, request.actor, { ...eventOf(customerKind, customer), action: 'unmask' })
      await request.flash(text.record.unmasked)
      return reply.redirect(`/customers/${customer.id}`, 303)
    },
  )

  tabRoute('overview', '/customers/:id', async (request, customer, contacts) => {
    await noteOpened(app.db, request.viewer.id, { module: customers.name, id: customer.id })
    const reference = await referenceOf(request)
    const { below, hanging } = await belowViews(app.db, request, customers, customer, reference, [
      contactModule,
      messages,
    ])
    const viewer = await seeing(app.db, request, wholeCustomer(customer.id))
    return {
      below: [...(contacts ? [contactsOnCard(request, { customer, contacts, reference })] : []), ...below],
      timeline: await timelineOf(app.db, request, {
        module: customers,
        stored: customer,
        viewer,
        hanging: [{ module: contactModule, rows: contacts?.slice(0, mostTold) ?? [] }, ...hanging],
        path: `/customers/${customer.id}`,
      }),
    }
  })
  tabRoute('history', '/customers/:id/history', async (request, customer) => ({
    history: await recordHistory(
      app.db,
      customers,
      await seeing(app.db, request, wholeCustomer(customer.id)),
      customer,
    ),
  }))
  tabRoute('mail', '/customers/:id/mail', async (request, { id }) => ({
    below: [await belowView(app.db, request, { module: customers, id, below: messages }, await referenceOf(request))],
  }))
  tabRoute('contacts', '/customers/:id/contacts', async (request, customer, contacts = []) => ({
    list: customerContactsView(request, {
      customer,
      contacts,
      reference: await referenceOf(request),
    }),
  }))
}
