import type { Knex } from 'knex'
import { currentRevision } from '../db/revision.ts'
import { referenceAt } from '../reference.ts'
import { settingsAt } from '../settings.ts'
import type { TableRow } from '../spreadsheets/read-csv.ts'
import { viewerAt } from '../web/viewer.ts'
import { type ReadRow, readRow } from './row.ts'
import { batchesFrom } from './sheet.ts'
import { type ImportKind, targetNamed } from './targets.ts'
import type { Resolved } from './unknown-values.ts'

/** Which rows of which file are read, from row `first` on in batches of `size`, and for whom. */
export type Reading = {
  path: string
  first: number
  size: number
  kind: ImportKind
  /** The target of each column. */
  targets: (string | null)[]
  ownerId: number
  resolved?: Resolved | undefined
}

/** Rows as they are to be stored by the dictionaries, settings and rights of a revision (db/revision.ts). */
export type ReadBatch = { rows: ReadRow[]; revision: number }

export type Reader = {
  /** The next batch; undefined after the last. */
  next(): Promise<ReadBatch | undefined>
  /** The batch that `next` answered last, as of now. */
  again(): Promise<ReadBatch>
  close(): Promise<void>
}

/** Reads a file with a database, batch by batch as it is asked. Throws as `readTable`. */
export function rowReader(db: Knex, { path, first, size, kind, targets, ownerId, resolved }: Reading): Reader {
  const batches = batchesFrom(path, first, size)
  const columns = targets.map((key) => targetNamed(kind, key))
  let last: TableRow[] = []
  const again = async () => {
    const revision = await currentRevision(db)
    const [reference, settings] = [await referenceAt(db, revision), await settingsAt(db, revision)]
    const mayGive = (await viewerAt(db, revision, ownerId)).can('customers.transfer')
    const context = { kind, targets: columns, reference, settings, ownerId, mayGive, resolved }
    return { rows: last.map((row) => readRow(row, context)), revision }
  }
  return {
    again,
    next: async () => {
      const { value, done } = await batches.next()
      if (done) return undefined
      last = value
      return again()
    },
    close: async () => {
      await batches.return(undefined)
    },
  }
}
