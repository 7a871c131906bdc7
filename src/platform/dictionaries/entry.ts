import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { foldedKeys } from '../../kernel/db/keyed-texts.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { nextPosition } from '../../kernel/modules/next-position.ts'
import type { Entry, Reference } from '../../kernel/reference.ts'
import type { Values } from '../../kernel/web/form.ts'
import { changeRecord, eventOf } from '../../kernel/web/record.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { entryKind } from './fields.ts'

export type StoredEntry = Entry & { position: number; version: number }

const entries = (db: Knex, dictionary: string) => db<StoredEntry>('dictionary_entries').where({ dictionary })

/** An entry of one dictionary; a refusal (404) where it is missing or belongs to another. */
export async function findEntry(db: Knex, dictionary: string, id: number): Promise<StoredEntry> {
  const entry = await entries(db, dictionary).where({ id }).first()
  if (!entry) throw notFound()
  return entry
}

/*
 * Every change begins with the revision: its row is then locked, so that two changes of the dictionaries never overlap
 * and there is never more than one default.
 */

type Maker = { actor: Actor; reference: Reference }

/** Adds an entry at the end of its dictionary; answers its id. Fails by the unique index when the label is taken. */
export async function addEntry(trx: Knex, dictionary: string, values: Values, { actor, reference }: Maker) {
  await bumpRevision(trx)
  if (values.is_default) await clearDefault(trx, dictionary, null, { actor, reference })
  const row = {
    ...values,
    dictionary,
    ...foldedKeys('dictionary_entries', values),
    position: await nextPosition(trx, 'dictionary_entries', { dictionary }),
    version: 1,
    updated_at: new Date().toISOString(),
  }
  const [{ id }] = await trx('dictionary_entries').insert(row).returning('id')
  await recordEvent(trx, actor, { ...eventOf(entryKind, { ...row, id }), action: 'create', record_version: 1 })
  return id as number
}

/**
 * Saves an entry that still stands at `version`, throws Stale otherwise; a new default takes the place of the former.
 * Answers whether anything changed.
 */
export async function saveEntry(
  trx: Knex,
  before: StoredEntry,
  { version, values, actor, reference }: Maker & { version: number; values: Values },
): Promise<boolean> {
  await bumpRevision(trx)
  if (values.is_default) await clearDefault(trx, before.dictionary, before.id, { actor, reference })
  return (await changeRecord(trx, entryKind, { before, version, values, actor, reference })).length > 0
}

/** Switches an entry off, which ends its being the default. Throws Stale when it no longer stands at `version`. */
export const switchOffEntry = (trx: Knex, entry: StoredEntry, more: Maker & { version: number }) =>
  saveEntry(trx, entry, { ...more, values: { is_active: false, is_default: false } })

// The former default gets a new version, so that a form opened before cannot quietly make it the default again.
async function clearDefault(trx: Knex, dictionary: string, except: number | null, maker: Maker) {
  const formers: StoredEntry[] = await entries(trx, dictionary).where({ is_default: true })
  for (const before of formers.filter(({ id }) => id !== except))
    await changeRecord(trx, entryKind, { before, version: before.version, values: { is_default: false }, ...maker })
}
