import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { singleLine } from '../china/text.ts'
import { recordEvent } from '../history.ts'
import type { Settings } from '../settings.ts'
import { tryPassword } from '../users/attempt.ts'
import { usernameKey } from '../users/user-row.ts'

export type Attempt = { username: string; password: string; isFromThisMachine: boolean; address: string | null }

/** The id of the user whose name and password these are, or null, whatever was wrong. Either way it is in the operation log. */
export async function signIn(db: Knex, attempt: Attempt, settings: Settings): Promise<number | null> {
  const user = await findWhoMaySignIn(db, attempt)
  const result = await tryPassword(db, user, attempt.password, settings)
  if (user && result === 'right') {
    await recordEvent(db, { id: user.id, name: user.name, address: attempt.address }, { action: 'sign-in' })
    return user.id
  }
  const stranger = { id: null, name: shortName(attempt.username), address: attempt.address }
  await recordEvent(db, stranger, { action: 'sign-in-failed' })
  if (user && result === 'locks') {
    const locked = { record_type: 'users', record_id: user.id, record_name: user.name }
    await recordEvent(db, stranger, { action: 'sign-in-locked', ...locked })
  }
  return null
}

/** Nobody whose account is closed, and the factory password only at the machine itself. */
async function findWhoMaySignIn(db: Knex, { username, isFromThisMachine }: Attempt) {
  const user = await db('users')
    .where({ username_key: usernameKey(singleLine(username)) })
    .whereNot({ status: 'left' })
    .first('id', 'name', 'password_hash', 'is_factory_password')
  return user?.is_factory_password && !isFromThisMachine ? undefined : user
}

const shortName = (typed: string) => [...singleLine(typed)].slice(0, 30).join('')

const loopback = /^(127\.|::1$|::ffff:127\.)/

/** Whether a request comes from the machine the program runs on; through a proxy, every address on the way must be its own. */
export function isFromThisMachine(request: FastifyRequest): boolean {
  const { 'x-forwarded-for': forwarded = '', 'x-real-ip': real = '', forwarded: way } = request.headers
  const addresses = [request.socket.remoteAddress ?? '', ...`${forwarded},${real}`.split(',').filter((at) => at.trim())]
  return way === undefined && addresses.every((address) => loopback.test(address.trim()))
}
