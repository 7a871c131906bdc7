import type { Knex } from 'knex'
import { dayOf } from './follow-up.ts'

/** What was written down last about a customer. */
export type Said = { id: number; day: string; subject: string; next_content: string | null }

/** The last record of each of some customers that are seen, at most 500, by their ids. */
export async function lastSaid(db: Knex, customers: number[]): Promise<Map<number, Said>> {
  const latest = db('follow_ups').whereIn('customer_id', customers).whereNull('deleted_at').groupBy('customer_id')
  const rows = await db('follow_ups')
    .whereIn('id', latest.max('id'))
    .select('id', 'customer_id', 'contacted_at', 'subject', 'next_content')
  return new Map(
    rows.map(({ customer_id, contacted_at, ...row }) => [
      customer_id as number,
      { ...row, day: dayOf(contacted_at).slice(5) },
    ]),
  )
}
