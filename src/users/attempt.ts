import type { Knex } from 'knex'
import type { Settings } from '../settings.ts'
import { hashPassword, isOutdated, isPassword, nobodysHash } from './password.ts'
import { isSenderLocked, noteFailure } from './senders.ts'

type Tried = { id: number; password_hash: string }
/** `locks` says the account was locked now, `locks-sender` the address the attempt came from. */
export type Outcome = 'right' | 'wrong' | 'locks' | 'locks-sender'

type Attempt = { password: string; address: string | null; settings: Settings }

/**
 * Whether a password is the one of a user. Every attempt counts before it is checked, so that many at once are no way
 * around the lock; with too many wrong ones the user is locked and nothing is right, and so is the address that sends
 * too many of them for whomever. For nobody (undefined) it takes as long as for somebody.
 */
export async function tryPassword(
  db: Knex,
  user: Tried | undefined,
  { password, address, settings }: Attempt,
): Promise<Outcome> {
  if (await isSenderLocked(db, address)) return 'wrong'
  const isCounted = await countAttempt(db, user?.id, settings.failuresBeforeLock)
  const isRight = await isPassword(password, user?.password_hash ?? nobodysHash)
  if (user && isCounted && isRight) {
    await unlock(db, user.id)
    if (isOutdated(user.password_hash)) await storeAnew(db, user, password)
    return 'right'
  }
  const isSenderDue = await noteFailure(db, address, settings)
  if (await lockIfDue(db, user?.id ?? 0, settings)) return 'locks'
  return isSenderDue ? 'locks-sender' : 'wrong'
}

/** Answers false where no attempt is left. A name that nobody has costs a write as well, or the time would tell. */
async function countAttempt(db: Knex, id: number | undefined, limit: number): Promise<boolean> {
  if (id === undefined) {
    await db('revisions').where({ name: 'reference' }).update({ name: 'reference' })
    return false
  }
  const now = new Date().toISOString()
  const count = await db('users')
    .where({ id })
    .where('failures', '<', limit)
    .where((open) => open.whereNull('locked_until_at').orWhere('locked_until_at', '<=', now))
    .increment('failures', 1)
  return count > 0
}

async function lockIfDue(db: Knex, id: number, { failuresBeforeLock, lockMinutes }: Settings): Promise<boolean> {
  const locked_until_at = new Date(Date.now() + lockMinutes * 60_000).toISOString()
  const due = db('users').where({ id }).where('failures', '>=', failuresBeforeLock)
  return (await due.update({ failures: 0, locked_until_at })) > 0
}

/** Keeps the present way of storing passwords when the clear text is at hand; nothing if it was changed meanwhile. */
async function storeAnew(db: Knex, { id, password_hash }: Tried, password: string) {
  await db('users')
    .where({ id, password_hash })
    .update({ password_hash: await hashPassword(password) })
}

/** Forgets the failures of a user and the lock they led to. */
export async function unlock(db: Knex, id: number) {
  await db('users').where({ id }).update({ failures: 0, locked_until_at: null })
}

export const isLocked = ({ locked_until_at }: { locked_until_at: string | null }) =>
  locked_until_at !== null && Date.parse(locked_until_at) > Date.now()
