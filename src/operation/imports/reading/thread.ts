import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Knex } from 'knex'
import { currentRevision } from '../../../kernel/db/cache-revision.ts'
import { type Database, openDatabase } from '../../../kernel/db/open.ts'
import { SpreadsheetError } from '../../../kernel/spreadsheets/errors.ts'
import { viewerAt } from '../../../kernel/web/viewers.ts'
import { cellBatches, cellReader, type Reading } from './reading.ts'
import type { FileRow } from './records.ts'

export type ToReading = 'next' | 'again' | 'close'
/** A batch as JSON, which is cheaper to hand over than its objects. */
export type FromReading =
  | { batch: string | undefined }
  | { fault: { code?: SpreadsheetError['code']; message: string; stack?: string } }

/** So many batches are ready before they are asked for: one takes longer to read, another longer to write. */
const mostAhead = 2

/** Reads a file beside the thread that began it, which asks for a batch after the other. */
export async function runReadingThread() {
  const port = parentPort as MessagePort
  const { database, reading } = workerData as { database: Database; reading: Reading }
  const db = openDatabase(database)
  // With the rights of a person come the modules that rows define.
  await viewerAt(db, await currentRevision(db), reading.ownerId)
  const { close, ...asks } = readerAhead(db, reading)
  port.on('message', async (asked: ToReading) => {
    if (asked !== 'close') return port.postMessage(await asks[asked]().catch(faultOf))
    await close()
    await db.destroy()
    port.close()
  })
}

type Ready = { cells: FileRow[]; batch: string | undefined }

function readerAhead(db: Knex, reading: Reading) {
  const batches = cellBatches(reading)
  const read = cellReader(db, reading)
  const ahead: Promise<Ready>[] = []
  let last: FileRow[] = []

  async function readyAfter(before: Promise<unknown> | undefined): Promise<Ready> {
    await before
    // Whoever asks meanwhile is heard.
    await new Promise((resolve) => setImmediate(resolve))
    const { value: cells, done } = await batches.next()
    return done ? { cells: [], batch: undefined } : { cells, batch: JSON.stringify(await read(cells)) }
  }

  function goAhead() {
    while (ahead.length < mostAhead) {
      const ready = readyAfter(ahead.at(-1))
      // Told when the batch is asked for, if ever.
      ready.catch(() => {})
      ahead.push(ready)
    }
  }

  return {
    next: async () => {
      goAhead()
      const { cells, batch } = await (ahead.shift() as Promise<Ready>)
      last = cells
      goAhead()
      return { batch }
    },
    again: async () => ({ batch: JSON.stringify(await read(last)) }),
    close: () => batches.return(undefined),
  }
}

function faultOf(error: Error): FromReading {
  const { message, stack = '' } = error
  return { fault: { message, stack, ...(error instanceof SpreadsheetError ? { code: error.code } : {}) } }
}
