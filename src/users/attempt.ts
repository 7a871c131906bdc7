import type { Knex } from 'knex'
import type { Settings } from '../settings.ts'
import { isPassword, nobodysHash } from './password.ts'

type Tried = { id: number; password_hash: string }

/**
 * Whether a password is the one of a user. Every attempt counts before it is checked, so that many at once are no way
 * around the lock; with too many wrong ones the user is locked ('locks' says it happened now) and nothing is right. For
 * nobody (undefined) it takes as long as for somebody.
 */
export async function tryPassword(
  db: Knex,
  user: Tried | undefined,
  password: string,
  { failuresBeforeLock, lockMinutes }: Settings,
): Promise<'right' | 'wrong' | 'locks'> {
  const isCounted = user !== undefined && (await countAttempt(db, user.id, failuresBeforeLock))
  const isRight = await isPassword(password, user?.password_hash ?? nobodysHash)
  if (isCounted && isRight) {
    await unlock(db, user.id)
    return 'right'
  }
  return user && (await lockIfDue(db, user.id, failuresBeforeLock, lockMinutes)) ? 'locks' : 'wrong'
}

/** Answers false where no attempt is left. */
async function countAttempt(db: Knex, id: number, limit: number) {
  const now = new Date().toISOString()
  const count = await db('users')
    .where({ id })
    .where('failures', '<', limit)
    .where((open) => open.whereNull('locked_until_at').orWhere('locked_until_at', '<=', now))
    .increment('failures', 1)
  return count > 0
}

async function lockIfDue(db: Knex, id: number, limit: number, minutes: number) {
  const locked_until_at = new Date(Date.now() + minutes * 60_000).toISOString()
  return (await db('users').where({ id }).where('failures', '>=', limit).update({ failures: 0, locked_until_at })) > 0
}

/** Forgets the failures of a user and the lock they led to. */
export async function unlock(db: Knex, id: number) {
  await db('users').where({ id }).update({ failures: 0, locked_until_at: null })
}

export const isLocked = ({ locked_until_at }: { locked_until_at: string | null }) =>
  locked_until_at !== null && Date.parse(locked_until_at) > Date.now()
