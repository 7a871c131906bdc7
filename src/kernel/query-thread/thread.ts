import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type AsideKinds, asideKinds } from '../../program/query-kinds.ts'
import { type Database, openDatabase } from '../db/open.ts'

/** What the server asks of its thread, `null` for its end, and what it hears from it. */
export type ToAside = { name: keyof AsideKinds; asked: never } | null
export type FromAside = { answer: unknown } | { error: unknown }

const port = parentPort as MessagePort
const { database } = workerData as { database: Database }
const db = openDatabase(database)

port.on('message', async (work: ToAside) => {
  if (work === null) {
    await db.destroy()
    // The library of charts leaves a timer behind that would keep the thread.
    process.exit(0)
  }
  try {
    port.postMessage({ answer: await asideKinds[work.name](db, work.asked) } satisfies FromAside)
  } catch (error) {
    port.postMessage({ error } satisfies FromAside)
  }
})
