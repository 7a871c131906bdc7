import type { FastifyInstance } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { findCustomer } from '../customers/customer.ts'
import { contactKind, findContact } from './contact.ts'
import { contactFields } from './fields.ts'
import { type ContactParams, contactParams, contactsPath } from './params.ts'
import { vcard } from './vcard.ts'

/** One contact for the address book of a telephone; the list gives many (list.ts). */
export function vcardRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'contacts.export' as const }, schema: { params: contactParams } }

  app.get<ContactParams>(`${contactsPath}/:id.vcf`, options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, 'contacts.export')
    const contact = await findContact(app.db, request.viewer, request.params, 'contacts.export')
    await recordEvent(app.db, request.actor, { ...eventOf(contactKind, contact), action: 'export' })
    return reply
      .type('text/vcard; charset=utf-8')
      .header(
        'content-disposition',
        `attachment; filename="contacts.vcf"; filename*=UTF-8''${encoded(contact.name)}.vcf`,
      )
      .header('cache-control', 'no-store')
      .send(vcard({ ...maskRow(contact, contactFields, request.viewer), customer_name: customer.name }))
  })
}

/** A name as RFC 5987 wants it; encodeURIComponent leaves some signs that have a meaning there. */
const encoded = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
