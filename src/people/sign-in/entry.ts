import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { beginSession, endSession, type Message } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { accessAt } from '../devices/access.ts'
import { deviceOf } from '../devices/device.ts'
import { secondFactorDueAt } from '../second-factor/due.ts'
import { findFactor } from '../second-factor/factor.ts'
import { rememberBrowser } from '../users/caller.ts'
import { daysUntilExpiry } from '../users/password-age.ts'
import type { KeptForm } from './parked-form.ts'
import { beginPending, endPending, type Pending } from './pending.ts'

export type Entering = {
  userId: number
  destination?: string | null
  kept?: KeptForm | null
  hasProven?: boolean
  /** What to say first, in the session. */
  message?: Message
}

type From = { app: FastifyInstance; request: FastifyRequest; reply: FastifyReply }

/** Whoever waited goes on from where the pending sign-in stands. */
export const entering = ({ user_id, destination, kept }: Pending): Entering => ({
  userId: user_id,
  destination,
  kept,
  hasProven: true,
})

/**
 * What follows a right password: the second factor where there is one, the approval of the browser where it is asked
 * for or where the password was set by one who may not give roles, then the session. Answers the request.
 */
export async function enter(from: From, one: Entering) {
  const { app, request, reply } = from
  const { userId, ...rest } = one
  const wait = (step: 'second-factor' | 'device', deviceId: number | null = null) =>
    beginPending(app.db, request, reply, { userId, step, deviceId, ...rest })
  if (!one.hasProven && (await findFactor(app.db, userId))) {
    await wait('second-factor')
    return reply.redirect('/login/second-factor', 303)
  }
  const user = await app.db('users').where({ id: userId }).first('id', 'name', 'is_approval_due')
  const isBound = user.is_approval_due || (await accessAt(app.db, request.revision)).get(userId)?.isDeviceBound
  const device = isBound ? await deviceOf(from, user, 'waiting') : null
  if (device && device.status !== 'approved') {
    await wait('device', device.id)
    return reply.redirect('/login/device', 303)
  }
  return begin(from, one, { id: user.id, name: user.name, deviceId: device?.id ?? null })
}

type Entered = { id: number; name: string; deviceId: number | null }

async function begin({ app, request, reply }: From, { destination, kept, message }: Entering, user: Entered) {
  const { db } = app
  const days = await daysUntilExpiry(db, user.id, await settingsAt(db, request.revision))
  if (days !== null && days <= 0) await db('users').where({ id: user.id }).update({ is_password_due: true })
  const { is_password_due } = await db('users').where({ id: user.id }).first('is_password_due')
  const isDue = is_password_due || (await secondFactorDueAt(db, request.revision)).has(user.id)
  await endPending(db, request, reply)
  if (request.sessionKey) await endSession(db, request.sessionKey)
  await recordEvent(db, { ...request.actor, id: user.id, name: user.name }, { action: 'sign-in' })
  await beginSession(db, request, reply, {
    userId: user.id,
    deviceId: user.deviceId,
    kept: isDue && kept ? JSON.stringify({ ...kept, isAwaited: true }) : null,
    messages: [...(message ? [message] : []), ...(isDue ? [] : expiryWarning(days))],
  })
  rememberBrowser({ app, request, reply }, user.id)
  if (kept && !isDue) return reply.page('people/sign-in/continue', { title: text.sessions.continueTitle, kept })
  return reply.redirect(destination ?? '/', 303)
}

const expiryWarning = (days: number | null): Message[] =>
  days !== null && days <= 7 ? [{ kind: 'warning', text: text.users.passwordExpiresIn(days) }] : []
