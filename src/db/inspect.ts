import { Worker } from 'node:worker_threads'

/** What stands in a file of SQLite. */
export type Inspection = {
  /** What SQLite finds wrong with it; empty when it is whole. */
  faults: string[]
  /** The migrations it has seen; empty where it is not a database of this program. */
  migrations: string[]
  /** The rows of each table. */
  counts: Record<string, number>
  company: string | null
  /** The keys it was written with (src/secrets.ts). */
  keys: string[]
}

type How = { isThorough?: boolean }

/**
 * Reads a closed file of SQLite through, in a thread of its own: checking 2 GB takes seconds in which nobody would get an
 * answer. `isThorough` also follows every reference, for a file that comes from elsewhere.
 */
export function inspectSqlite(file: string, { isThorough = false }: How = {}): Promise<Inspection> {
  const worker = new Worker(new URL('inspect-thread.ts', import.meta.url), { workerData: { file, isThorough } })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the inspection ended without an answer')))
  })
}
