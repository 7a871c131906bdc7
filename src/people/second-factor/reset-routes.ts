import type { FastifyInstance } from 'fastify'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { endSessionsOf } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { findAccount } from '../users/account.ts'
import { findFactor, removeFactor } from './factor.ts'

const t = text.secondFactor.reset
const path = '/users/:id/second-factor-reset'
const options = { config: { permission: 'users.update' }, schema: { params: idParams } } as const

/** What an administrator does for somebody whose telephone and recovery codes are gone. One's own is a matter of the profile. */
export function resetRoutes(app: FastifyInstance) {
  app.get<IdParams>(path, options, async (request, reply) => {
    const user = await findAccount(app, request)
    if (user.id === request.user?.id) return reply.redirect('/profile/second-factor', 303)
    const address = `/users/${user.id}`
    const title = t.title(user.name)
    const { text, details, button: submitLabel } = t
    const confirm = { title, text, details, submitLabel, isDanger: true, cancelHref: address }
    return reply.page('shared/confirm', { title, confirm: { ...confirm, action: `${address}/second-factor-reset` } })
  })

  app.post<IdParams>(path, options, async (request, reply) => {
    const user = await findAccount(app, request)
    if (user.id === request.user?.id) return reply.redirect('/profile/second-factor', 303)
    if (await findFactor(app.db, user.id)) {
      await app.db.transaction(async (trx) => {
        await removeFactor(trx, user, 'second-factor-reset', request.actor)
        await endSessionsOf(trx, user.id)
      })
      await request.flash(t.done(user.name))
    } else await request.flash(t.refused, 'warning')
    return reply.redirect(`/users/${user.id}`, 303)
  })
}
