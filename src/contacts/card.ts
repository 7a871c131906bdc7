import type { FastifyInstance } from 'fastify'
import { findCustomer } from '../customers/customer.ts'
import { referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { historyView } from '../web/record.ts'
import { contactKind, findContact } from './contact.ts'
import { contactGroups } from './fields.ts'
import { type ContactParams, contactParams } from './params.ts'

const copied = new Set(['name', 'mobile', 'office_phone', 'home_phone', 'email', 'wechat', 'qq'])

/** A contact: all its fields, and below them what happened to it. */
export function contactCardRoutes(app: FastifyInstance) {
  app.get<ContactParams>(
    '/customers/:customerId/contacts/:id',
    { config: { permission: 'contacts.view' }, schema: { params: contactParams } },
    async (request, reply) => {
      const customer = await findCustomer(app.db, request.params.customerId)
      const contact = await findContact(app.db, customer.id, request.params.id)
      const reference = await referenceAt(app.db, request.revision)
      const path = `/customers/${customer.id}/contacts`
      const action = (permission: 'contacts.update' | 'contacts.delete', label: string, noun: string, kind: string) =>
        request.can(permission) ? [{ label, href: `${path}/${contact.id}/${noun}`, kind }] : []
      const card = {
        title: contact.name,
        subtitle: contact.code,
        tags: contact.is_main ? [{ text: text.contacts.fields.is_main, tone: 'blue' }] : [],
        actions: [
          ...action('contacts.update', text.actions.update, 'edit', 'primary'),
          ...action('contacts.delete', text.actions.delete, 'deletion', 'danger'),
        ],
        back: path,
        facts: [{ label: text.contacts.fields.customer_id, text: customer.name, href: `/customers/${customer.id}` }],
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
      }
      return reply.page('shared/card', {
        title: contact.name,
        card,
        history: await historyView(app.db, contactKind, contact.id),
      })
    },
  )
}
