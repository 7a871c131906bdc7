import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import { currentRevision } from '../db/revision.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { type Settings, settingsAt } from '../settings.ts'
import type { SheetRow } from '../spreadsheets/sheet-reader.ts'
import type { Actor } from '../web/session.ts'
import type { Import } from './import.ts'
import { type ReadRow, readRow } from './row.ts'
import { batchesOf, openSheet } from './sheet.ts'

/** Work on one claimed import. */
export type Job = {
  db: Knex
  imported: Import
  /** Of the stored file. */
  path: string
  /** Who pressed the button. */
  actor: Actor
  /** Asked after every batch; yes leaves the rest for another time. */
  isStopping(): boolean
}

type Batch = { rows: ReadRow[]; next_row: number; reference: Reference; settings: Settings }

/** SQLite has one connection: a request of another person needs several turns on it, one after the other. */
const millisecondsForOthers = 5

/**
 * Goes through the rows of the file from where the import stands, read and checked with the reference data of the
 * moment, `size` at a time, and lets other people's requests through between. Answers whether it came to the end.
 */
export async function goThrough(job: Job, size: number, work: (batch: Batch) => Promise<void>): Promise<boolean> {
  const { headings, rows } = await openSheet(job.path)
  for await (const batch of batchesOf(rowsFrom(rows, job.imported.next_row), size)) {
    if (job.isStopping()) return false
    const revision = await currentRevision(job.db)
    const [reference, settings] = [await referenceAt(job.db, revision), await settingsAt(job.db, revision)]
    const context = { fields: headings.fields, reference, ownerId: job.imported.user_id }
    const next_row = (batch.at(-1) as SheetRow).number + 1
    await work({ rows: batch.map((row) => readRow(row, context)), next_row, reference, settings })
    await pause(millisecondsForOthers)
  }
  return true
}

async function* rowsFrom(rows: AsyncGenerator<SheetRow>, first: number): AsyncGenerator<SheetRow> {
  for await (const row of rows) if (row.number >= first) yield row
}
