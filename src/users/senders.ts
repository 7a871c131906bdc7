import type { Knex } from 'knex'
import { isUniqueViolation } from '../db/dialect.ts'
import type { Settings } from '../settings.ts'
import { senderOf } from '../web/addresses.ts'

/** An address from which nobody can sign in for a while. */
export type LockedSender = { id: number; sender: string; locked_until_at: string }

/** Whether an address has sent so many wrong passwords that it is not listened to just now. */
export async function isSenderLocked(db: Knex, address: string | null): Promise<boolean> {
  const row = await db('sender_failures')
    .where({ sender: senderOf(address ?? '') })
    .where('locked_until_at', '>', new Date().toISOString())
    .first('id')
  return row !== undefined
}

/**
 * Counts a wrong password against the address it came from; failures longer ago than a lock lasts are forgotten. Answers
 * whether that locked it. People in one office may share an address, so right ones neither count nor clear it.
 */
export async function noteFailure(
  db: Knex,
  address: string | null,
  { senderFailuresBeforeLock, lockMinutes }: Settings,
): Promise<boolean> {
  const sender = senderOf(address ?? '')
  const now = Date.now()
  const failed_at = new Date(now).toISOString()
  const [forgotten, locked_until_at] = [-1, 1].map((sign) => new Date(now + sign * lockMinutes * 60_000).toISOString())
  return db.transaction(async (trx) => {
    const own = () => trx('sender_failures').where({ sender })
    await own()
      .where('failed_at', '<', forgotten as string)
      .update({ failures: 0 })
    if (await own().update({ failed_at })) await own().increment('failures', 1)
    else await insertSender(trx, { sender, failures: 1, failed_at })
    const due = own().where('failures', '>=', senderFailuresBeforeLock)
    return (await due.update({ failures: 0, locked_until_at })) > 0
  })
}

/** Two first failures at once: the second finds the row of the first, which is as good. */
async function insertSender(db: Knex, row: { sender: string; failures: number; failed_at: string }) {
  try {
    await db('sender_failures').insert({ ...row, locked_until_at: null })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
}

/** The addresses that are locked just now, a few at most. */
export const lockedSenders = (db: Knex): Promise<LockedSender[]> =>
  db('sender_failures')
    .where('locked_until_at', '>', new Date().toISOString())
    .orderBy('locked_until_at', 'desc')
    .limit(20)
    .select('id', 'sender', 'locked_until_at')

/** Listens to an address again; answers which, or undefined where it was not locked. */
export async function unlockSender(db: Knex, id: number): Promise<string | undefined> {
  const row = await db('sender_failures').where({ id }).whereNotNull('locked_until_at').first('sender')
  if (row) await db('sender_failures').where({ id }).update({ failures: 0, locked_until_at: null })
  return row?.sender
}
