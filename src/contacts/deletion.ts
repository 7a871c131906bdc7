import type { FastifyInstance } from 'fastify'
import { findCustomer } from '../customers/customer.ts'
import { text } from '../texts/index.ts'
import type { Body } from '../web/form.ts'
import { Refusal } from '../web/refusal.ts'
import { deleteContact, findContact } from './contact.ts'
import { type ContactParams, contactParams } from './params.ts'

/** Into the recycle bin, after a page that says what will happen. */
export function contactDeletionRoutes(app: FastifyInstance) {
  const path = '/customers/:customerId/contacts/:id/deletion'
  const options = { config: { permission: 'contacts.delete' as const }, schema: { params: contactParams } }

  app.get<ContactParams>(path, options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.params.customerId)
    const contact = await findContact(app.db, customer.id, request.params.id)
    return reply.page('shared/confirm', {
      title: text.customers.deletion,
      confirm: {
        title: text.customers.deletion,
        text: text.contacts.deletionText(contact.name, customer.name),
        details: text.contacts.deletionDetails,
        action: `/customers/${customer.id}/contacts/${contact.id}/deletion`,
        submitLabel: text.customers.confirm,
        isDanger: true,
        cancelHref: `/customers/${customer.id}/contacts/${contact.id}`,
        hidden: [{ name: 'version', value: String(contact.version) }],
      },
    })
  })

  app.post<ContactParams & { Body: Body }>(path, options, async (request, reply) => {
    const contact = await findContact(app.db, request.params.customerId, request.params.id)
    if (Number(request.body?.version) !== contact.version)
      throw new Refusal({ status: 409, message: text.record.stale })
    await app.db.transaction((trx) => deleteContact(trx, contact, request.actor))
    await request.flash(text.contacts.deleted(contact.name))
    return reply.redirect(`/customers/${contact.customer_id}/contacts`, 303)
  })
}
