import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type Database, openDatabase } from '../db/open.ts'
import type { AsideKinds } from './query-thread.ts'

/** What the server asks of its thread, `null` for its end, and what it hears from it. */
export type ToAside = { name: keyof AsideKinds; asked: never } | null
export type FromAside = { answer: unknown } | { error: unknown }

/** Does what is asked in the thread it is called in, until that is told to end. */
export function runQueryThread(kinds: AsideKinds) {
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
      port.postMessage({ answer: await kinds[work.name](db, work.asked) } satisfies FromAside)
    } catch (error) {
      port.postMessage({ error } satisfies FromAside)
    }
  })
}
