import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Knex } from 'knex'
import { findCustomer } from '../customers/customer.ts'
import { recordEvent } from '../history.ts'
import { referenceAt } from '../reference.ts'
import type { List, ListQuery } from '../web/list.ts'
import { countUpTo, filtered } from '../web/list-page.ts'
import { readListQuery } from '../web/list-query.ts'
import { walk } from '../web/list-walk.ts'
import { eventOf } from '../web/record.ts'
import { contactKind, findContact, visibleContacts } from './contact.ts'
import { contactList } from './list.ts'
import { type ContactParams, contactParams } from './params.ts'
import { vcard } from './vcard.ts'

/** The list with every column of a contact. */
const wholeContacts: List = {
  ...contactList,
  rows: (db) => visibleContacts(db).select('contacts.*', 'customers.name as customer_name'),
}

/** Contacts for the address book of a telephone: what the list shows, or one of them. */
export function vcardRoutes(app: FastifyInstance) {
  const config = { permission: 'contacts.export' as const }

  app.get('/contacts.vcf', { config, compress: false }, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const query = readListQuery(contactList, request.query as Record<string, unknown>, reference)
    const { total, isCapped } = await countUpTo(app.db, filtered(app.db, contactList, query), contactList.table)
    const record_name = `${total}${isCapped ? '+' : ''} ${request.url}`
    await recordEvent(app.db, request.actor, { action: 'export', record_type: contactList.table, record_name })
    return sendCards(reply, contactList.title).send(Readable.from(cardsOf(app.db, query), { objectMode: false }))
  })

  const one = { config, schema: { params: contactParams } }
  app.get<ContactParams>('/customers/:customerId/contacts/:id.vcf', one, async (request, reply) => {
    const customer = await findCustomer(app.db, request.params.customerId)
    const contact = await findContact(app.db, customer.id, request.params.id)
    await recordEvent(app.db, request.actor, { ...eventOf(contactKind, contact), action: 'export' })
    return sendCards(reply, contact.name).send(vcard({ ...contact, customer_name: customer.name }))
  })
}

async function* cardsOf(db: Knex, query: ListQuery): AsyncGenerator<string> {
  for await (const contact of walk(db, wholeContacts, query)) yield vcard(contact)
}

const sendCards = (reply: FastifyReply, name: string) =>
  reply
    .type('text/vcard; charset=utf-8')
    .header('content-disposition', `attachment; filename="contacts.vcf"; filename*=UTF-8''${encoded(`${name}.vcf`)}`)
    .header('cache-control', 'no-store')

/** A name as RFC 5987 wants it; encodeURIComponent leaves some signs that have a meaning there. */
const encoded = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
