import type { FastifyInstance } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { readAbove } from '../../kernel/modules/above.ts'
import { recordAt } from '../../kernel/modules/reading.ts'
import { datedName } from '../../kernel/web/dated-name.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { idParams } from '../../kernel/web/params.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { contactKind } from './contact.ts'
import { contacts } from './contacts.ts'
import { contactFields } from './fields.ts'
import { contactsPath } from './path.ts'
import { vcard } from './vcard.ts'

/** One contact for the address book of a telephone; the list gives many (list.ts). */
export async function contactRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'contacts.export' as const }, schema: { params: idParams } }

  app.get(`${contactsPath}/:id.vcf`, options, async (request, reply) => {
    const contact = await recordAt(app.db, request, contacts, 'export')
    const customer = await readAbove(app.db, contacts, contact, request.viewer)
    await recordEvent(app.db, request.actor, { ...eventOf(contactKind, contact), action: 'export' })
    return reply
      .type('text/vcard; charset=utf-8')
      .header(
        'content-disposition',
        `attachment; filename="contacts.vcf"; filename*=UTF-8''${encoded(datedName(String(contact.name), 'vcf'))}`,
      )
      .header('cache-control', 'no-store')
      .send(vcard({ ...maskRow(contact, contactFields, request.viewer), customer_name: customer?.name }))
  })
}

/** A name as RFC 5987 wants it; encodeURIComponent leaves some signs that have a meaning there. */
const encoded = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
