import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { isMainThread, Worker } from 'node:worker_threads'
import type { Knex } from 'knex'
import { currentRevision } from '../../../kernel/db/cache-revision.ts'
import type { Database } from '../../../kernel/db/open.ts'
import { SpreadsheetError } from '../../../kernel/spreadsheets/errors.ts'
import { readingThread } from '../kinds.ts'
import { type ReadBatch, type Reader, type Reading, rowReader } from './reading.ts'
import type { FromReading, ToReading } from './thread.ts'

/** For smaller files a thread would take longer to begin than to read. */
const threadFromBytes = 1_000_000

/**
 * The rows of a file in batches, as they are to be stored now; the next batch is read while one is written, that of a
 * large file by a thread of its own. Rows that are only checked are read by who checks them, who has the time. Throws as
 * `rowsApart`.
 */
export async function* batchesAhead(db: Knex, database: Database, reading: Reading): AsyncGenerator<ReadBatch> {
  const { size } = await stat(reading.path)
  // Where jobs run beside the pages, the database may be in memory, for this thread alone.
  const isHere = isMainThread || size < threadFromBytes || !reading.resolved
  const reader = isHere ? rowReader(db, reading) : readerWithThread(database, reading)
  try {
    let coming = reader.next()
    for (;;) {
      const batch = await coming
      if (!batch) return
      const isCurrent = batch.revision === (await currentRevision(db))
      const present = isCurrent ? batch : await reader.again()
      coming = reader.next()
      // Told when the batch is asked for, if ever.
      coming.catch(() => {})
      yield present
    }
  } finally {
    await reader.close()
  }
}

const youngGenerationMb = 16
const oldGenerationMb = 128

/** A thread of its own makes rows of the cells, while others are written. */
function readerWithThread(database: Database, reading: Reading): Reader {
  const { ask, close } = threadFor(database, reading)
  return { next: () => ask('next'), again: () => ask('again') as Promise<ReadBatch>, close }
}

function threadFor(database: Database, reading: Reading) {
  const worker = new Worker(readingThread, {
    workerData: { database, reading },
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb, maxOldGenerationSizeMb: oldGenerationMb },
  })
  let isOver = false
  // A promise that all answers are raced against would hold every one of them.
  let asking: PromiseWithResolvers<FromReading> | undefined
  const fail = (error: Error) => {
    isOver = true
    asking?.reject(error)
  }
  worker.on('message', (answer: FromReading) => asking?.resolve(answer))
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('the thread that reads ended')))
  const send = (asked: ToReading) => worker.postMessage(asked)
  const ask = async <T>(asked: ToReading): Promise<T | undefined> => {
    asking = Promise.withResolvers()
    send(asked)
    if (isOver) fail(new Error('the thread that reads ended'))
    const answer = await asking.promise
    if ('fault' in answer) throw errorOf(answer.fault)
    return answer.batch === undefined ? undefined : JSON.parse(answer.batch)
  }
  const close = async () => {
    if (isOver) return
    send('close')
    await once(worker, 'exit').catch(() => {})
  }
  return { ask, close }
}

function errorOf({ code, message, stack }: Extract<FromReading, { fault: unknown }>['fault']): Error {
  return Object.assign(code ? new SpreadsheetError(code, message) : new Error(message), { stack })
}
