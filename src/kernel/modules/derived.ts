import type { Knex } from 'knex'
import { keyRecords, unkeyRecords } from './alike-keys.ts'
import type { Module, Stored, Written } from './module.ts'
import { foundBy, indexRecords, unindexRecords } from './search-text.ts'
import { tallyRecords } from './tallies.ts'
import { indexWritten } from './text-index.ts'

const idsOf = (records: Stored[]) => records.map(({ id }) => id)

/** Whether a record stands outside the recycle bin; one that is not there does not. */
export const isLiving = (record: Stored | undefined): boolean =>
  record !== undefined && (record.deleted_at ?? null) === null

const differ = (names: readonly string[], one: Stored, other: Stored) =>
  names.some((name) => (one[name] ?? null) !== (other[name] ?? null))

/**
 * Brings what is kept of records beside their rows to how they stand after a write: what they are found, counted and known
 * again by. Call it in the transaction of the write, behind it.
 */
export async function deriveRecords(trx: Knex, module: Module, { before = [], after = [] }: Written) {
  if (module.isTextIndexed) await indexWritten(trx, module, { before, after })
  if (module.derive) return module.derive(trx, { before, after })
  const old = new Map(before.map((record) => [record.id, record]))
  const now = new Map(after.map((record) => [record.id, record]))
  const [found, known] = [foundBy(module), (module.alike ?? []).flatMap(({ fields }) => fields)]
  const entering = (record: Stored, names: readonly string[], isThere = (_one: Stored) => true) => {
    const was = old.get(record.id)
    return !was || !isThere(was) || differ(names, was, record)
  }
  const appearing = after.filter((record) => isLiving(record) && entering(record, found, isLiving))
  const leaving = before.filter((record) => isLiving(record) && !isLiving(now.get(record.id)))
  await indexRecords(trx, module, appearing)
  await unindexRecords(trx, module, idsOf(leaving))
  await keyRecords(
    trx,
    module,
    after.filter((record) => entering(record, known)),
  )
  await unkeyRecords(trx, module, idsOf(before.filter(({ id }) => !now.has(id))))
  await tallyRecords(trx, module, { added: after, removed: before })
}
