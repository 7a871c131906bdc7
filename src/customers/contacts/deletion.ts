import type { FastifyInstance } from 'fastify'
import type { Body } from '../../kernel/web/form.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
import { type Customer, findCustomer } from '../customers/customer.ts'
import { type Contact, deleteContact, findContact } from './contact.ts'
import { type ContactParams, contactParams, contactPath } from './params.ts'

/** Into the recycle bin, after a page that says what will happen. */
export function contactDeletionRoutes(app: FastifyInstance) {
  const path = '/customers/:customerId/contacts/:id/deletion'
  const options = { config: { permission: 'contacts.delete' as const }, schema: { params: contactParams } }

  app.get<ContactParams>(path, options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, 'contacts.delete')
    const contact = await findContact(app.db, request.viewer, request.params, 'contacts.delete')
    const title = text.contacts.deletion
    return reply.page('shared/confirm', { title, confirm: { title, ...deletionView(contact, customer) } })
  })

  app.post<ContactParams & { Body: Body }>(path, options, async (request, reply) => {
    const name = await app.db.transaction(async (trx) => {
      const contact = await findContact(trx, request.viewer, request.params, 'contacts.delete')
      refuseStale(request.body, contact)
      await deleteContact(trx, contact, request.actor)
      return contact.name
    })
    await request.flash(text.contacts.deleted(name))
    return reply.redirect(`/customers/${request.params.customerId}/contacts`, 303)
  })
}

const deletionView = (contact: Contact, customer: Customer) => ({
  text: text.contacts.deletionText(contact.name, customer.name),
  details: text.contacts.deletionDetails,
  action: `${contactPath(contact)}/deletion`,
  submitLabel: text.contacts.confirm,
  isDanger: true,
  cancelHref: contactPath(contact),
  hidden: [{ name: 'version', value: String(contact.version) }],
})
