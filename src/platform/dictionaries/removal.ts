import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { isForeignKeyViolation } from '../../kernel/db/dialect.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import type { Entry } from '../../kernel/reference.ts'
import { eventOf, Stale } from '../../kernel/web/record.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import type { Dictionary } from './dictionaries.ts'
import type { StoredEntry } from './entry.ts'
import { entryKind } from './fields.ts'
import { forgetMoves } from './moves.ts'
import { isUsed, moveUses } from './uses.ts'

/** Records still have the entry. */
export class EntryInUse extends Error {}

type Removal = { version: number; target?: Pick<Entry, 'id' | 'label'>; actor: Actor }

/**
 * Removes an entry for good, after its records were moved to `target` where one is given; answers how many were moved.
 * Throws EntryInUse when records still have it, Stale when it no longer stands at `version`.
 */
export async function removeEntry(
  trx: Knex,
  dictionary: Dictionary,
  entry: StoredEntry,
  { version, target, actor }: Removal,
): Promise<number> {
  await bumpRevision(trx)
  const moved = target ? await moveUses(trx, dictionary, entry.id, target.id) : 0
  if (!target && (await isUsed(trx, dictionary, entry.id))) throw new EntryInUse()
  const count = await trx('dictionary_entries').where({ id: entry.id, version }).delete().catch(refuseInUse)
  if (count === 0) throw new Stale()
  if (!target) await forgetMoves(trx, entry.id)
  await recordEvent(trx, actor, {
    ...eventOf(entryKind, entry),
    action: 'delete',
    record_version: version + 1,
    changes: target && moved > 0 ? [movedChange(entry, target, moved)] : [],
  })
  return moved
}

// Somebody chose the entry between the question and the deletion.
function refuseInUse(error: unknown): never {
  throw isForeignKeyViolation(error) ? new EntryInUse() : error
}

const movedChange = (entry: StoredEntry, target: Pick<Entry, 'id' | 'label'>, moved: number) => ({
  field: text.dictionaries.movedTo,
  before: entry.id,
  after: target.id,
  beforeText: `${entry.label} × ${moved}`,
  afterText: target.label,
})
