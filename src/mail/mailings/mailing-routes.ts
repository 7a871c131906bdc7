import type { FastifyInstance } from 'fastify'
import type { Body } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { accountFor } from '../accounts/account.ts'
import { start } from '../messages/writing.ts'
import { askToSend, discardMailing, findMailing, isAtWork, refuseStarted } from './mailing.ts'
import { mailingPage } from './mailing-page.ts'

const t = text.mail

/** What one has written: the draft with its preview, its sending, and what became of it. */
export function mailingRoutes(app: FastifyInstance) {
  const one = { config: { permission: 'mail.create' as const }, schema: { params: idParams } }

  app.get<IdParams>('/mailings/:id', one, async (request, reply) =>
    mailingPage(app, request, reply, await findMailing(app.db, request.params.id, request.viewer.id)),
  )

  app.post<IdParams & { Body: Body }>('/mailings/:id/sending', one, async (request, reply) => {
    const mailing = await findMailing(app.db, request.params.id, request.viewer.id)
    refuseStarted(mailing)
    refuseStale(request.body, mailing)
    if (!(await accountFor(app.db, request.viewer.id))) throw new Refusal({ message: t.noAccount })
    await app.db.transaction((trx) => start(trx, request, mailing))
    app.wakeJobs()
    await request.flash(t.started)
    return reply.redirect(`/mailings/${mailing.id}`, 303)
  })

  app.post<IdParams>('/mailings/:id/resumption', one, async (request, reply) => {
    const mailing = await findMailing(app.db, request.params.id, request.viewer.id)
    const isResumed = await app.db.transaction(async (trx) => {
      if (!mailing.started_at || (await isAtWork(trx, mailing))) return false
      const again = { state: 'queued', attempt_count: 0, next_attempt_at: null, claim: null }
      const unsent = trx('mail_messages').where({ mailing_id: mailing.id })
      await unsent.whereIn('state', ['failed', 'queued']).update(again)
      await askToSend(trx, mailing, null, request.actor)
      return true
    })
    if (isResumed) app.wakeJobs()
    await request.flash(isResumed ? t.resumed : t.notResendable, isResumed ? 'notice' : 'warning')
    return reply.redirect(`/mailings/${mailing.id}`, 303)
  })

  app.post<IdParams & { Body: Body }>('/mailings/:id/deletion', one, async (request, reply) => {
    const mailing = await findMailing(app.db, request.params.id, request.viewer.id)
    refuseStarted(mailing)
    refuseStale(request.body, mailing)
    await app.db.transaction((trx) => discardMailing(trx, mailing, request.actor))
    await request.flash(t.discarded)
    return reply.redirect('/mail', 303)
  })
}
