import type { FastifyInstance } from 'fastify'
import { customerCardOf } from '../../customers/customers/card-page.ts'
import { findCustomer } from '../../customers/customers/customer.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { text } from '../../texts/index.ts'
import { messagesTo } from './message.ts'
import { stateCell } from './words.ts'

const t = text.mail
const columns = [t.fields.subject, t.fields.recipient, t.fields.sender, t.fields.state, t.fields.created_at].map(
  (label) => ({ label, align: 'start', sortHref: null, sorted: null }),
)

/** What was written to a customer: a tab of its card. */
export function customerMailRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'mail.view' as const }, schema: { params: idParams } }
  app.get<IdParams>('/customers/:id/mail', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.id, 'mail.view')
    const card = await customerCardOf(app.db, request, customer, 'mail')
    const reference = await referenceAt(app.db, request.revision)
    const messages = await messagesTo(app.db, customer.id)
    const rows = messages.map((message) => ({
      href: `/mail/${message.id}`,
      cells: [
        { text: message.subject, href: `/mail/${message.id}` },
        { text: message.recipient_name },
        { text: reference.person(message.user_id)?.name ?? '' },
        stateCell(message.state),
        { text: showInstant(message.created_at) },
      ],
    }))
    return reply.page('mail/tab', { title: customer.name, card, mail: { columns, rows } })
  })
}
