import type { Knex } from 'knex'
import { visibleRows } from '../../kernel/modules/rows.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { dayOf } from './follow-up.ts'
import { followUps } from './follow-ups.ts'

/** What was written down last about a customer. */
export type Said = { id: number; day: string; subject: string; next_content: string | null }

type Row = Omit<Said, 'day'> & { customer_id: number; contacted_at: string }

/** The last record that this person may see of each of some customers, at most 500, by their ids. */
export async function lastSaid(db: Knex, viewer: Viewer, customers: number[]): Promise<Map<number, Said>> {
  const seen = () => visibleRows(db, followUps, viewer).whereIn('follow_ups.customer_id', customers)
  const rows: Row[] = await seen()
    .whereIn('follow_ups.id', seen().groupBy('follow_ups.customer_id').max('follow_ups.id'))
    .select(['id', 'customer_id', 'contacted_at', 'subject', 'next_content'].map((name) => `follow_ups.${name}`))
  return new Map(
    rows.map(({ customer_id, contacted_at, ...row }) => [customer_id, { ...row, day: dayOf(contacted_at).slice(5) }]),
  )
}
