import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { sendPdf } from '../../kernel/report/send.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { seeing } from '../../kernel/web/unmasking.ts'
import { contactsOf } from '../contacts/contact.ts'
import { customerContactsView } from '../contacts/tab.ts'
import { cardGroups } from './card.ts'
import { cardReport } from './card-report.ts'
import { customerKind, findCustomer } from './customer.ts'
import { customerFields } from './fields.ts'
import { wholeCustomer } from './unmasking.ts'

/** A customer on paper, with its contacts where they may be seen. */
export function printRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'customers.print' as const }, schema: { params: idParams } }

  app.get<IdParams>('/customers/:id/print', options, async (request, reply) => {
    const sheet = await sheetOf(request)
    return reply.page('customers/customers/print', {
      ...sheet,
      madeAt: showInstant(new Date()),
      pdfHref: `${sheet.backHref}/print.pdf`,
    })
  })

  app.get<IdParams>('/customers/:id/print.pdf', { ...options, compress: false }, async (request, reply) =>
    sendPdf(app, request, reply, cardReport(await sheetOf(request))),
  )

  /** All of it that this person may read; noted down as printed. */
  async function sheetOf(request: FastifyRequest<IdParams>) {
    const customer = await findCustomer(app.db, request.viewer, request.params.id, 'customers.print')
    const reference = await referenceAt(app.db, request.revision)
    await recordEvent(app.db, request.actor, { ...eventOf(customerKind, customer), action: 'print' })
    const viewer = await seeing(app.db, request, wholeCustomer(customer.id))
    const shown = maskRow(customer, customerFields, viewer)
    const contacts = request.can('contacts.view') ? await contactsOf(app.db, customer.id) : []
    return {
      title: customer.name,
      subtitle: customer.code,
      groups: cardGroups(shown, reference),
      contacts: contacts.length > 0 ? customerContactsView(request, { customer, contacts, reference }) : null,
      backHref: `/customers/${customer.id}`,
    }
  }
}
