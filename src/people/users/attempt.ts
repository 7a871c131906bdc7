import type { Knex } from 'knex'
import type { Settings } from '../../kernel/settings/settings.ts'
import { isSenderLocked, noteFailure } from './address-lockout.ts'
import { type Caller, ownCounters } from './caller.ts'
import { charge, forgive, isWaiting } from './counters.ts'
import { hashPassword, isOutdated, isPassword, nobodysHash } from './password.ts'

type Tried = { id: number; password_hash: string }
/** `locks` says the account has to wait now, `locks-sender` the address the attempt came from. */
export type Outcome = 'right' | 'wrong' | 'locks' | 'locks-sender'

type Attempt = { username: string; password: string; caller: Caller; settings: Settings }

export const patienceOf = ({ failuresBeforeLock: free, lockMinutes: longestMinutes }: Settings) => ({
  free,
  longestMinutes,
})

/**
 * Whether a password is the one of a user. Every attempt counts before it is checked, so that many at once are no way
 * around the waits; too many wrong ones make those wait who are counted together (people/users/caller.ts), and so the address
 * that sends too many of them for whomever. For nobody (undefined) it takes as long as for somebody.
 */
export async function tryPassword(db: Knex, user: Tried | undefined, attempt: Attempt): Promise<Outcome> {
  const { username, password, caller, settings } = attempt
  const sender = caller.strangerFrom(user?.id)
  const isHeard = async () => sender === null || !(await isSenderLocked(db, sender))
  if (!(await isHeard())) return 'wrong'
  const counter = caller.counterFor(user, username)
  const charged = await charge(db, counter, patienceOf(settings))
  // Asked again when its turn comes: the address may have to wait by then.
  const isRight = await isPassword(password, user?.password_hash ?? nobodysHash, isHeard)
  if (user && charged !== 'refused' && isRight) {
    await forgive(db, counter)
    if (isOutdated(user.password_hash)) await storeAnew(db, user, password)
    return 'right'
  }
  // What nobody looked at tells nothing about the address: one clerk's twenty wrong ones are no sign of an attack.
  const isSenderDue = sender !== null && charged !== 'refused' && (await noteFailure(db, sender, settings))
  if (charged === 'last' && counter.table === 'users') return 'locks'
  return isSenderDue ? 'locks-sender' : 'wrong'
}

/** Keeps the present way of storing passwords when the clear text is at hand; nothing if it was changed meanwhile. */
async function storeAnew(db: Knex, { id, password_hash }: Tried, password: string) {
  await db('users')
    .where({ id, password_hash })
    .update({ password_hash: await hashPassword(password) })
}

/** Forgets the failures of a user, of strangers and of the own browsers, and the waits they led to. */
export async function unlock(db: Knex, id: number) {
  await forgive(db, { table: 'users', where: { id } })
  await db('sender_failures').where('sender', 'like', ownCounters(id)).delete()
}

export const isLocked = isWaiting
