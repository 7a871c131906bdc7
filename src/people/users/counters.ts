import type { Knex } from 'knex'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'

/** Where wrong passwords and codes are counted: beside an account or a second factor, or under a key of its own. */
export type Counter =
  | { table: 'users'; where: { id: number } }
  | { table: 'second_factors'; where: { user_id: number } }
  | { table: 'sender_failures'; where: { sender: string } }

/** How many may be wrong before the first wait, and the longest wait. */
export type Patience = { free: number; longestMinutes: number }
/** `last`: nothing is looked at after this one until the wait is over. `refused`: this one is not looked at. */
export type Charge = 'free' | 'last' | 'refused'

const minute = 60_000
const mostTries = 30
const mostRows = 10_000

type Row = { failures: number; locked_until_at: string | null; failed_at?: string }

/**
 * Counts an attempt before it is looked at, so that many at once are no way around. From the one that is wrong too
 * often on, each has to wait twice as long as the one before, a minute at first; after the longest wait without any,
 * all is forgotten. One that was right takes it back (`forgive`).
 */
export async function charge(db: Knex, counter: Counter, patience: Patience): Promise<Charge> {
  for (let tries = 0; tries < mostTries; tries++) {
    const row = await rowOf(db, counter)
    if (isWaiting(row)) return 'refused'
    const failures = (isForgotten(row, patience) ? 0 : row.failures) + 1
    const locked_until_at = failures < patience.free ? null : iso(waitOf(failures, patience))
    const { failures: found, locked_until_at: lock } = row
    const isCounted = await db(counter.table)
      .where(counter.where)
      .where({ failures: found, locked_until_at: lock })
      .update({ failures, locked_until_at, ...failedAt(counter) })
    if (isCounted) return locked_until_at ? 'last' : 'free'
  }
  return 'refused'
}

/** Forgets what was wrong before, and the wait. */
export const forgive = (db: Knex, { table, where }: Counter) =>
  db(table).where(where).update({ failures: 0, locked_until_at: null })

export const isWaiting = ({ locked_until_at }: { locked_until_at: string | null }) =>
  locked_until_at !== null && Date.parse(locked_until_at) > Date.now()

const iso = (ahead: number) => new Date(Date.now() + ahead).toISOString()
const failedAt = ({ table }: Counter) => (table === 'sender_failures' ? { failed_at: iso(0) } : {})

const waitOf = (failures: number, { free, longestMinutes }: Patience) =>
  Math.min(longestMinutes, 2 ** Math.min(failures - free, 20)) * minute

function isForgotten({ failed_at, locked_until_at }: Row, { longestMinutes }: Patience): boolean {
  const last = failed_at ?? locked_until_at
  return last !== null && Date.parse(last) < Date.now() - longestMinutes * minute
}

const columns = ({ table }: Counter) => ['failures', 'locked_until_at', ...Object.keys(failedAt({ table } as Counter))]

async function rowOf(db: Knex, counter: Counter): Promise<Row> {
  const row: Row | undefined = await db(counter.table).where(counter.where).first(columns(counter))
  if (row) return row
  const fresh = { failures: 0, locked_until_at: null, failed_at: iso(0) }
  if (counter.table === 'sender_failures') await insert(db, { ...counter.where, ...fresh })
  return fresh
}

/** Two first ones at once: the second finds the row of the first. Only the latest ten thousand keys are kept. */
async function insert(db: Knex, row: Row & { sender: string }) {
  try {
    const [{ id }] = await db('sender_failures').insert(row).returning('id')
    await db('sender_failures')
      .where('id', '<=', id - mostRows)
      .delete()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
}
