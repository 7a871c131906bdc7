import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Customer, findCustomer } from '../customers/customer.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { historyView } from '../web/record.ts'
import { type Contact, contactKind, findContact } from './contact.ts'
import { contactGroups } from './fields.ts'
import { type ContactParams, contactParams, contactPath } from './params.ts'

const copied = new Set(['name', 'mobile', 'office_phone', 'home_phone', 'email', 'wechat', 'qq'])

/** A contact: all its fields, and below them what happened to it. */
export function contactCardRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'contacts.view' as const }, schema: { params: contactParams } }

  app.get<ContactParams>('/customers/:customerId/contacts/:id', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, 'contacts.view')
    const contact = await findContact(app.db, request.viewer, request.params)
    return reply.page('shared/card', {
      title: contact.name,
      card: cardView(request, { customer, contact, reference: await referenceAt(app.db, request.revision) }),
      history: await historyView(app.db, contactKind, contact.id),
    })
  })
}

type Shown = { customer: Customer; contact: Contact; reference: Reference }

const cardView = (request: FastifyRequest, { customer, contact, reference }: Shown) => ({
  title: contact.name,
  subtitle: contact.code,
  tags: contact.is_main ? [{ text: text.contacts.fields.is_main, tone: 'blue' }] : [],
  actions: actions(request, contactPath(contact)),
  back: `/customers/${customer.id}/contacts`,
  facts: [factOf(request, customer)],
  groups: contactGroups.map(({ title, fields }) => ({
    title,
    items: fields
      .map((field) => ({
        label: field.label,
        text: field.kind.show(contact[field.name], field, reference),
        copy: copied.has(field.name),
      }))
      .filter((item) => item.text),
  })),
  tabs: [],
})

const factOf = (request: FastifyRequest, { id, name }: Customer) => ({
  label: text.contacts.fields.customer_id,
  text: name,
  href: request.can('customers.view') ? `/customers/${id}` : undefined,
})

const actions = (request: FastifyRequest, path: string) => [
  ...(request.can('contacts.update') ? [{ label: text.actions.update, href: `${path}/edit`, kind: 'primary' }] : []),
  ...(request.can('contacts.export') ? [{ label: text.contacts.card, href: `${path}.vcf`, kind: 'plain' }] : []),
  ...(request.can('contacts.delete') ? [{ label: text.actions.delete, href: `${path}/deletion`, kind: 'danger' }] : []),
]
