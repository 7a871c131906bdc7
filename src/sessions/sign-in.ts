import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { singleLine } from '../china/text.ts'
import type { Access } from '../devices/access.ts'
import { recordEvent } from '../history.ts'
import type { Settings } from '../settings.ts'
import { tryPassword } from '../users/attempt.ts'
import { usernameKey } from '../users/user-row.ts'

export type Attempt = { username: string; password: string; isFromThisMachine: boolean; address: string | null }
type Rules = { settings: Settings; access: Map<number, Access> }
type Found = { id: number; name: string; password_hash: string; is_factory_password: boolean }

/** The id of the user whose name and password these are, or null, whatever was wrong; what was wrong is in the operation log. */
export async function signIn(db: Knex, attempt: Attempt, { settings, access }: Rules): Promise<number | null> {
  const { address, password } = attempt
  const found = await findUser(db, attempt)
  const isElsewhere = found !== undefined && access.get(found.id)?.allows(address ?? '') === false
  const user = isElsewhere ? undefined : found
  const outcome = await tryPassword(db, user, { password, address, settings })
  if (user && outcome === 'right') return user.id
  const stranger = { id: null, name: shortName(attempt.username), address }
  await recordEvent(db, stranger, { action: 'sign-in-failed' })
  if (outcome === 'locks-sender') await recordEvent(db, stranger, { action: 'sender-locked' })
  const about = found && { record_type: 'users', record_id: found.id, record_name: found.name }
  if (isElsewhere) await recordEvent(db, stranger, { action: 'sign-in-elsewhere', ...about })
  if (outcome === 'locks') await recordEvent(db, stranger, { action: 'sign-in-locked', ...about })
  return null
}

/** Nobody whose account is closed, and the factory password only at the machine itself. */
async function findUser(db: Knex, { username, isFromThisMachine }: Attempt): Promise<Found | undefined> {
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
