import type { Knex } from 'knex'
import { foldKey, isRepeatedKey } from './fold-key.ts'
import { type KeyedText, keyedTexts } from './keyed-texts.ts'

type Row = { id: number } & Record<string, unknown>

/** A record with the same text as another, from a time in which both could stand; `row` and `other` as they are now. */
export type Repeated = { id: number; keyed: KeyedText; row: Row; other: Row | undefined }

type Note = { id: number; record_type: string; field: string; record_id: number; other_id: number }

/** The records that still share a text with another one that may stand once only (found by the migration of the keys). */
export async function repeatedKeys(db: Knex): Promise<Repeated[]> {
  const notes: Note[] = await db('repeated_keys').orderBy('id')
  const found: Repeated[] = []
  for (const { id, record_type, field, record_id, other_id } of notes) {
    const keyed = keyedTexts().find(({ table, text }) => table === record_type && text === field)
    const row = keyed && (await db(keyed.table).where({ id: record_id }).first())
    if (!keyed || !isRepeatedKey(row?.[keyed.key])) continue
    found.push({ id, keyed, row, other: await db(keyed.table).where({ id: other_id }).first() })
  }
  return found
}

/** Forgets those that got another text or are gone, and gives those whose text is free by now the key of it. */
export async function settleRepeatedKeys(db: Knex) {
  const before: number[] = await db('repeated_keys').pluck('id')
  const still = await repeatedKeys(db)
  const settled = before.filter((id) => still.every((one) => one.id !== id))
  for (const one of still) if (await takeFree(db, one)) settled.push(one.id)
  await db('repeated_keys').whereIn('id', settled).delete()
}

/** Asks before it writes: two departments at the top would not be refused by the index, for both are below nothing. */
const takeFree = (db: Knex, { keyed: { table, text, key, within }, row }: Repeated): Promise<boolean> =>
  db.transaction(async (trx) => {
    const free = foldKey(String(row[text]))
    const place = Object.fromEntries(within.map((column) => [column, row[column] ?? null]))
    if (
      await trx(table)
        .where({ ...place, [key]: free })
        .first('id')
    )
      return false
    return (
      (await trx(table)
        .where({ id: row.id, [key]: row[key] as string })
        .update({ [key]: free })) === 1
    )
  })
