import type { Knex } from 'knex'
import { insertAll } from '../../kernel/db/dialect.ts'

const pairsOf = (ids: number[]) =>
  ids.flatMap((customer_id, at) => ids.slice(at + 1).map((other_id) => ({ customer_id, other_id })))

const among = (db: Knex, ids: number[]) =>
  db('duplicate_dismissals').whereIn('customer_id', ids).whereIn('other_id', ids)

/** Whether all of these customers, at least two, the smallest id first, were said to be others. */
export async function areAllDismissed(db: Knex, ids: number[]): Promise<boolean> {
  const said = await among(db, ids).select('customer_id')
  return said.length === pairsOf(ids).length
}

/** Remembers who said so; call it with a transaction. */
export async function dismissPairs(trx: Knex, ids: number[], user_id: number): Promise<void> {
  await restorePairs(trx, ids)
  const said = { user_id, dismissed_at: new Date().toISOString() }
  await insertAll(
    trx,
    'duplicate_dismissals',
    pairsOf(ids).map((pair) => ({ ...pair, ...said })),
  )
}

export const restorePairs = (db: Knex, ids: number[]): Promise<number> => among(db, ids).delete()
