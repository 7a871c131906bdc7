import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { type Change, fact } from '../history/history.ts'
import type { Act } from '../permissions.ts'
import type { Reference } from '../reference.ts'
import type { Values } from './form.ts'
import { Refusal } from './refusal.ts'
import type { Actor } from './session.ts'
import type { Viewer } from './viewer.ts'

/** A record as it stood when it was meant. */
export type RecordVersion = { id: number; version: number }

/**
 * How many were changed, how many were so already, how many somebody else changed or removed meanwhile, and how many
 * could not be, with the reason of the first as a sentence.
 */
export type Counts = { changed: number; same: number; skipped: number; refused?: number; reason?: string }
export type Done = Counts & { changedIds: number[] }

/** The act that a change is, where it is more than that, as the history calls it, and what it says there. */
export type AuditNote = { action: Act; changes: Change[] }

/** Who changes them, and how far that person's rights reach. */
export type ActingContext = { actor: Actor; viewer: Viewer; reference: Reference; said?: AuditNote }

/** Who takes back what many records got at the instant `since`. */
export type UndoBy = ActingContext & { since: string }

/** One value for many records; of a field with several, one that all of them get or lose. */
export type BulkChange =
  | { column: string; value: string | number | null }
  | { column: string; one: number; isRemoved: boolean }

/** For each of them what it had before. */
export type Restored = { restored: ReadonlyMap<number, Values> }

/** How it stands in the history of a record that it was given to somebody else. */
export const transferSaid = (reason: string | null): AuditNote => ({
  action: 'transfer',
  changes: reason ? [fact('reason', reason)] : [],
})

/** Those that still stand at the version they were meant at. */
export function unchanged<R extends RecordVersion>(rows: R[], meant: RecordVersion[]): R[] {
  const versions = new Map(meant.map(({ id, version }) => [id, version]))
  return rows.filter(({ id, version }) => versions.get(id) === version)
}

/** Saves what stands in columns, of all with the same values at once, each at its next version. */
export async function saveColumns(trx: Knex, table: string, changed: ({ id: number } & Values)[]) {
  const updated_at = new Date().toISOString()
  const alike = Map.groupBy(changed, ({ id: _id, ...columns }) => JSON.stringify(columns))
  for (const [columns, rows] of alike)
    await trx(table)
      .whereIn(
        'id',
        rows.map(({ id }) => id),
      )
      .update({ updated_at, ...JSON.parse(columns) })
      .increment('version', 1)
}

/** Whoever left while the page was open, or the job at work, gets no records. Throws a Refusal at the column of the owner. */
export async function refuseGone(trx: Knex, id: unknown, field: string) {
  const user = await trx('users')
    .where({ id: id as number })
    .first('name', 'status')
  if (user?.status === 'left') throw new Refusal({ message: text.form.left(user.name), field })
}
