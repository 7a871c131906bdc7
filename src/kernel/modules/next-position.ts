import type { Knex } from 'knex'

/** The place behind all rows of a table that have the same. */
export async function nextPosition(trx: Knex, table: string, same: Record<string, unknown>): Promise<number> {
  const last = await trx(table).where(same).max({ position: 'position' }).first()
  return Number(last?.position ?? -1) + 1
}
