import type { Knex } from 'knex'
import { currentRevision } from '../../../kernel/db/cache-revision.ts'
import { referenceAt } from '../../../kernel/reference.ts'
import { settingsAt } from '../../../kernel/settings/settings.ts'
import { viewerAt } from '../../../kernel/web/viewers.ts'
import type { Resolved } from '../checking/unknown-values.ts'
import type { Columns } from '../import.ts'
import { targetNamed } from '../kind.ts'
import { kindOf } from '../kinds.ts'
import { batchesFrom, type FileRow } from './records.ts'
import { type ReadRow, readRow } from './row.ts'

/** Which rows of which file are read, from row `first` on in batches of `size`, and for whom. */
export type Reading = {
  path: string
  first: number
  size: number
  /** The name of the kind: a thread is told it. */
  kind: string
  columns: Omit<Columns, 'examples'>
  ownerId: number
  /** Missing while rows are checked. */
  resolved?: Resolved | undefined
}

/** Rows as they are to be stored by the dictionaries, settings and rights of a revision (kernel/db/cache-revision.ts). */
export type ReadBatch = { rows: ReadRow[]; revision: number }

export type Reader = {
  /** The next batch; undefined after the last. */
  next(): Promise<ReadBatch | undefined>
  /** The batch that `next` answered last, as of now. */
  again(): Promise<ReadBatch>
  close(): Promise<void>
}

/** The cells of a file, batch by batch. Throws as `rowsApart`. */
export const cellBatches = ({ path, columns, first, size, ...reading }: Reading): AsyncGenerator<FileRow[]> =>
  batchesFrom({ path, columns, naming: kindOf(reading).naming, lined: kindOf(reading).lined }, { first, size })

/** Reads cells with a database, as of the moment. */
export function cellReader(db: Knex, { ownerId, resolved, ...reading }: Reading) {
  const kind = kindOf(reading)
  const targets = reading.columns.targets.map((key) => targetNamed(kind, key))
  return async (cells: FileRow[]): Promise<ReadBatch> => {
    const revision = await currentRevision(db)
    const [reference, settings] = [await referenceAt(db, revision), await settingsAt(db, revision)]
    const viewer = await viewerAt(db, revision, ownerId)
    const context = { kind, targets, reference, settings, viewer, presets: kind.presets(ownerId), resolved }
    return { rows: cells.map((row) => readRow(row, context)), revision }
  }
}

/** Reads a file with a database, batch by batch as it is asked. Throws as `rowsApart`. */
export function rowReader(db: Knex, reading: Reading): Reader {
  const batches = cellBatches(reading)
  const read = cellReader(db, reading)
  let last: FileRow[] = []
  return {
    next: async () => {
      const { value, done } = await batches.next()
      if (done) return undefined
      last = value
      return read(last)
    },
    again: () => read(last),
    close: async () => {
      await batches.return(undefined)
    },
  }
}
