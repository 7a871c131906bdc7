import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Above, readAbove } from '../../kernel/modules/above.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { forbidden } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { askToSend, attachmentsOf, isAtWork, type Mailing } from '../mailings/mailing.ts'
import { attachmentLinks } from './attachable.ts'
import { mayRead } from './attachments.ts'
import { type Message, type MessageState, tellOfMessage } from './message.ts'
import { findMessage, messages, rightsAt } from './messages.ts'
import { shownAnswer, shownList, stateCell } from './words.ts'
import { shownAddress } from './writing.ts'

const t = text.mail

/** What may be done with a message that did not come through; only by whoever wrote it. */
const resendable: MessageState[] = ['failed', 'refused', 'uncertain']

/** One message: what was written to whom, what became of it, and what to do where that is not known. */
export function messageRoutes(app: FastifyInstance) {
  const view = { config: { permission: 'mail.view' as const }, schema: { params: idParams } }
  const change = { config: { permission: 'mail.create' as const }, schema: { params: idParams } }

  app.get<IdParams>('/mail/:id', view, async (request, reply) => {
    const message = await findMessage(app.db, request.viewer, request.params.id)
    const record = await readAbove(app.db, messages, message, request.viewer)
    const mailing: Mailing = await app.db('mailings').where({ id: message.mailing_id }).first()
    const reference = await referenceAt(app.db, request.revision)
    const files = mayRead(request, message.user_id) ? await attachmentsOf(app.db, mailing) : []
    return reply.page('mail/show', {
      title: message.subject,
      card: cardOf(request, message, { mailing, record, reference }),
      attachments: attachmentLinks(files, `/mail/${message.id}`),
      path: `/mail/${message.id}`,
      isUncertain: message.state === 'uncertain' && message.user_id === request.viewer.id,
    })
  })

  app.get<IdParams>('/mail/:id/resending', change, async (request, reply) => {
    const message = await own(request)
    const confirm = {
      title: t.resendTitle,
      text: t.resendText(message.recipient_name),
      details: message.state === 'uncertain' ? t.resendDetails : [],
      action: `/mail/${message.id}/resending`,
      submitLabel: t.resend,
      isDanger: message.state === 'uncertain',
      cancelHref: `/mail/${message.id}`,
    }
    return reply.page('shared/confirm', { title: t.resendTitle, confirm })
  })

  app.post<IdParams>('/mail/:id/resending', change, async (request, reply) => {
    const message = await own(request)
    const isAsked = await app.db.transaction(async (trx) => {
      const again = { state: 'queued', attempt_count: 0, next_attempt_at: null, claim: null }
      if ((await moved(trx, message.id, resendable, again)) === 0) return false
      const mailing: Mailing = await trx('mailings').where({ id: message.mailing_id }).first()
      if (!(await isAtWork(trx, mailing))) await askToSend(trx, mailing, 1, request.actor)
      return true
    })
    if (isAsked) app.wakeJobs()
    await request.flash(isAsked ? t.resent : t.notResendable, isAsked ? 'notice' : 'warning')
    return reply.redirect(`/mail/${message.id}`, 303)
  })

  app.post<IdParams>('/mail/:id/acceptance', change, async (request, reply) => {
    const message = await own(request)
    const isTaken = await app.db.transaction(async (trx) => {
      const sent = { state: 'sent', sent_at: message.sending_at }
      if ((await moved(trx, message.id, ['uncertain'], sent)) === 0) return false
      await tellOfMessage(trx, message, 'mail-accepted', request.actor)
      return true
    })
    await request.flash(isTaken ? t.acceptedNote : t.notResendable, isTaken ? 'notice' : 'warning')
    return reply.redirect(`/mail/${message.id}`, 303)
  })

  async function own(request: FastifyRequest<IdParams>): Promise<Message> {
    const message = await findMessage(app.db, request.viewer, request.params.id)
    const may = await rightsAt(app.db, request.viewer, message)
    if (!may('mail.create') || message.user_id !== request.viewer.id) throw forbidden()
    return message
  }
}

const moved = (trx: Knex, id: number, from: MessageState[], to: Record<string, unknown>): Promise<number> =>
  trx('mail_messages').where({ id }).whereIn('state', from).update(to)

type Shown = { mailing: Mailing; record: Above | undefined; reference: Reference }

function cardOf(request: FastifyRequest, message: Message, { mailing, record, reference }: Shown) {
  const { viewer } = request
  const isOwn = message.user_id === viewer.id
  const item = (label: string, shown: string, more: object = {}) => ({ label, text: shown, ...more })
  const items = [
    item(
      t.fields.recipient,
      t.recipientOption(message.recipient_name, shownAddress(viewer, message.recipient_address)),
    ),
    item(record?.label ?? '', record?.name ?? '', { href: record?.href }),
    item(t.fields.cc, shownList(viewer, mailing.cc)),
    item(t.fields.bcc, isOwn ? shownList(viewer, mailing.bcc) : ''),
    item(t.fields.sender, reference.person(message.user_id)?.name ?? ''),
    item(t.fields.created_at, showInstant(message.created_at)),
    item(t.fields.sent_at, showInstant(message.sent_at)),
    item(t.fields.attempts, message.attempt_count > 1 ? String(message.attempt_count) : ''),
    item(t.fields.nextAttempt, showInstant(message.next_attempt_at)),
    item(t.fields.answer, shownAnswer(viewer, message), { isWide: true }),
  ]
  return {
    title: message.subject,
    tags: [stateCell(message.state)],
    back: '/mail',
    actions:
      isOwn && viewer.can('mail.create')
        ? [
            ...(resendable.includes(message.state)
              ? [{ label: t.resend, href: `/mail/${message.id}/resending`, kind: 'plain' as const }]
              : []),
            { label: t.course, href: `/mailings/${message.mailing_id}`, kind: 'plain' as const },
          ]
        : [],
    groups: [
      { title: t.one, items: items.filter(({ text }) => text) },
      {
        title: t.content,
        items: [
          item(t.fields.subject, message.subject, { isWide: true }),
          item(t.fields.body, message.body, { isWide: true }),
        ],
      },
    ],
  }
}
