import type { Knex } from 'knex'
import type { Actor } from '../history/actor.ts'
import { modulesBelow } from './catalogue.ts'
import { deriveRecords } from './derived.ts'
import type { Module, Stored } from './module.ts'
import { hangingOn } from './rows.ts'
import { indexRecords, unindexRecords } from './search-text.ts'

/** What follows when records, at most 500, went to the recycle bin at an instant: what hangs on them and has one goes there too. */
export async function moveToBin(trx: Knex, module: Module, records: Stored[], deleted_at: string) {
  await moveBelow(trx, module, records, deleted_at)
  await deriveRecords(trx, module, { before: records, after: records.map((record) => ({ ...record, deleted_at })) })
}

/** The same when they came out of it, as they stood there: what went with them comes back, what was there before stays. */
export async function takeFromBin(trx: Knex, module: Module, records: Stored[], actor: Actor) {
  await moveBelow(trx, module, records, null)
  for (const record of records) await module.hooks?.restored?.(trx, record, actor)
  const after = records.map((record) => ({ ...record, deleted_at: null }))
  await deriveRecords(trx, module, { before: records, after })
}

type Standing = { id: number; deleted_at?: unknown }

/** What hangs on records and goes to the recycle bin, or went there, with them. */
export const goingWith = (db: Knex, module: Module, below: Module, records: Standing[], was: unknown) =>
  hangingOn(
    db(below.name).where({ deleted_at: was ?? null }),
    below,
    module,
    records.map(({ id }) => id),
  )

/** They keep their versions, for nobody changed them; they are counted by what they hang on. */
async function moveBelow(trx: Knex, module: Module, records: Stored[], deleted_at: string | null) {
  for (const below of modulesBelow(module).filter(({ bin }) => bin))
    for (const [was, some] of Map.groupBy(records, (record) => record.deleted_at ?? null)) {
      const rows = () => goingWith(trx, module, below, some, was)
      if (below.search.length > 0 || modulesBelow(below).length > 0) {
        const moving: Stored[] = await rows()
        const ids = moving.map(({ id }) => id)
        await (deleted_at === null ? indexRecords(trx, below, moving) : unindexRecords(trx, below, ids))
        await moveBelow(trx, below, moving, deleted_at)
      }
      await rows().update({ deleted_at })
    }
}
