import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type Database, openDatabase } from '../db/open.ts'
import { SpreadsheetError } from '../spreadsheets/errors.ts'
import { type ReadBatch, type Reader, type Reading, rowReader } from './reading.ts'

export type ToReading = keyof Reader
/** A batch as JSON, which is cheaper to hand over than its objects. */
export type FromReading =
  | { batch: string | undefined }
  | { fault: { code?: SpreadsheetError['code']; message: string; stack?: string } }

const port = parentPort as MessagePort
const { database, reading } = workerData as { database: Database; reading: Reading }
const db = openDatabase(database)
const reader = rowReader(db, reading)

const batchOf = (batch: ReadBatch | undefined): FromReading => ({ batch: batch && JSON.stringify(batch) })

function faultOf(error: Error): FromReading {
  const { message, stack = '' } = error
  return { fault: { message, stack, ...(error instanceof SpreadsheetError ? { code: error.code } : {}) } }
}

port.on('message', async (asked: ToReading) => {
  if (asked !== 'close') return port.postMessage(await reader[asked]().then(batchOf, faultOf))
  await reader.close()
  await db.destroy()
  port.close()
})
