import type { FastifyInstance } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { agentWords } from '../../kernel/web/agent.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { endOldSessions, endSessionsOf } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { lockedSenders, unlockSender } from '../users/address-lockout.ts'
import { findUser } from '../users/user.ts'
import { sessionList, sessionsWithUsers } from './list.ts'

const t = text.sessions
const ending = { config: { permission: 'sessions.delete' }, schema: { params: idParams } } as const

/** Who is signed in, ending sessions, and the addresses that are locked. */
export async function onlineRoutes(app: FastifyInstance) {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === sessionList.path)
      await endOldSessions(app.db, await settingsAt(app.db, request.revision))
  })
  listRoutes(app, sessionList)
  oneSession(app)
  allSessions(app)
  senders(app)
}

function oneSession(app: FastifyInstance) {
  const path = '/sessions/:id/deletion'
  const find = async (id: number) => {
    const session = await sessionsWithUsers(app.db).where('sessions.id', id).first()
    if (!session) throw notFound()
    return session
  }
  app.get<IdParams>(path, ending, async (request, reply) => {
    const { id, user_name, address, agent, seen_at } = await find(request.params.id)
    const title = t.ending.title(user_name)
    const facts = [
      text.common.pair(t.browser, agentWords(agent)),
      text.common.pair(t.address, address ?? ''),
      text.common.pair(t.seen, showInstant(seen_at)),
    ]
    const confirm = { title, text: t.ending.text, details: [...facts, ...t.ending.details] }
    const act = { action: `/sessions/${id}/deletion`, submitLabel: t.ending.button, isDanger: true }
    return reply.page('shared/confirm', { title, confirm: { ...confirm, ...act, cancelHref: sessionList.path } })
  })
  app.post<IdParams>(path, ending, async (request, reply) => {
    const { id, user_id, user_name } = await find(request.params.id)
    await request.flash(t.ending.done(user_name))
    await app.db.transaction(async (trx) => {
      await trx('sessions').where({ id }).delete()
      const about = { record_type: 'users', record_id: user_id, record_name: user_name }
      await recordEvent(trx, request.actor, { ...about, action: 'session-ended' })
    })
    return reply.redirect(sessionList.path, 303)
  })
}

function allSessions(app: FastifyInstance) {
  const path = '/users/:id/sessions/deletion'
  const count = async (user_id: number) =>
    Number((await app.db('sessions').where({ user_id }).count({ session_count: 'id' }).first())?.session_count ?? 0)
  app.get<IdParams>(path, ending, async (request, reply) => {
    const user = await findUser(app.db, request.params.id)
    const title = t.endingAll.title(user.name)
    const confirm = { title, text: t.endingAll.text(await count(user.id)), details: t.ending.details }
    const act = { action: `/users/${user.id}/sessions/deletion`, submitLabel: t.endAll, isDanger: true }
    return reply.page('shared/confirm', { title, confirm: { ...confirm, ...act, cancelHref: sessionList.path } })
  })
  app.post<IdParams>(path, ending, async (request, reply) => {
    const user = await findUser(app.db, request.params.id)
    await request.flash(t.endingAll.done(user.name, await count(user.id)))
    await app.db.transaction(async (trx) => {
      await endSessionsOf(trx, user.id)
      const about = { record_type: 'users', record_id: user.id, record_name: user.name }
      await recordEvent(trx, request.actor, { ...about, action: 'session-ended' })
    })
    return reply.redirect(sessionList.path, 303)
  })
}

function senders(app: FastifyInstance) {
  const path = '/sessions/senders'
  app.get(path, { config: { permission: 'sessions.view' } }, async (_request, reply) => {
    const locked = await lockedSenders(app.db)
    const rows = locked.map(({ id, sender, locked_until_at }) => ({ id, sender, until: showInstant(locked_until_at) }))
    return reply.page('people/sign-in/senders', { title: t.senders, senders: rows })
  })
  app.post<IdParams>(`${path}/:id/unlocking`, ending, async (request, reply) => {
    const sender = await app.db.transaction(async (trx) => {
      const unlocked = await unlockSender(trx, request.params.id)
      if (unlocked) await recordEvent(trx, request.actor, { action: 'sender-unlocked', record_name: unlocked })
      return unlocked
    })
    await request.flash(sender ? t.senderUnlocked(sender) : t.senderNotLocked, sender ? 'notice' : 'warning')
    return reply.redirect(path, 303)
  })
}
