import type { Knex } from 'knex'
import type { ReadRow } from '../reading/row.ts'
import type { Existing } from './existing.ts'

/**
 * Takes the reasons from rows that only say again what their record has: a wrong number that was kept on purpose, or
 * what was stored before there was a rule, comes back from our own files.
 */
export async function forgiveStored(
  db: Knex,
  { table, side }: { table: string; side: string },
  found: Map<ReadRow, Existing>,
) {
  const rows = [...found].filter(
    ([{ mistakes = [] }, { evidence }]) => evidence !== 'phone' && mistakes.some(({ record }) => record === side),
  )
  if (rows.length === 0) return
  const stored: Record<string, unknown>[] = await db(table).whereIn(
    'id',
    rows.map(([, { id }]) => id),
  )
  const byId = new Map(stored.map((record) => [record.id, record]))
  for (const [row, { id }] of rows) {
    const record = byId.get(id) ?? {}
    const forgiven = (row.mistakes ?? [])
      .filter((mistake) => mistake.record === side && row.values[side]?.[mistake.field] === record[mistake.field])
      .map(({ reason }) => reason)
    row.reasons = row.reasons.filter((reason) => !forgiven.includes(reason))
  }
}
