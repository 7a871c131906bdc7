import type { Knex } from 'knex'
import type { Settings } from '../../kernel/settings/settings.ts'
import { noAddress } from './caller.ts'
import { charge, forgive } from './counters.ts'

/** An address from which no stranger can sign in for a while. */
export type LockedSender = { id: number; sender: string; locked_until_at: string }

/** Whether an address has sent so many wrong passwords that strangers there are not listened to just now. */
export async function isSenderLocked(db: Knex, sender: string): Promise<boolean> {
  const row = await db('sender_failures')
    .where({ sender })
    .where('locked_until_at', '>', new Date().toISOString())
    .first('id')
  return row !== undefined
}

/**
 * Counts a wrong password against the address it came from. Answers whether that makes it wait. People in one office
 * may share an address, so right ones neither count nor clear it, and known browsers are not counted by it.
 */
export async function noteFailure(
  db: Knex,
  sender: string,
  { senderFailuresBeforeLock: free, lockMinutes: longestMinutes }: Settings,
): Promise<boolean> {
  return (await charge(db, { table: 'sender_failures', where: { sender } }, { free, longestMinutes })) === 'last'
}

/** The addresses that are locked just now, a few at most. */
export const lockedSenders = (db: Knex): Promise<LockedSender[]> =>
  db('sender_failures')
    .where('locked_until_at', '>', new Date().toISOString())
    .whereNot('sender', 'like', noAddress)
    .orderBy('locked_until_at', 'desc')
    .limit(20)
    .select('id', 'sender', 'locked_until_at')

/** Listens to an address again; answers which, or undefined where it was not locked. */
export async function unlockSender(db: Knex, id: number): Promise<string | undefined> {
  const row = await db('sender_failures').where({ id }).whereNotNull('locked_until_at').first('sender')
  if (row) await forgive(db, { table: 'sender_failures', where: { sender: row.sender } })
  return row?.sender
}
