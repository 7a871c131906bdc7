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
  /** The keys it was written with (src/kernel/secrets.ts). */
  keys: string[]
  /** Where the operation log ends. */
  log?: { sequence: number; hash: string }
}

/** Counting alone, the whole file, or every reference too. */
export type Depth = 'counts' | 'file' | 'references'

/**
 * Reads a closed file of SQLite through, in a thread of its own: checking 2 GB takes seconds in which nobody would get an
 * answer. Counting alone does for one that is kept as it is, whatever it is like; references are followed in one that
 * comes from elsewhere.
 */
export function inspectSqlite(file: string, depth: Depth = 'file'): Promise<Inspection> {
  const worker = new Worker(new URL('inspect-thread.ts', import.meta.url), { workerData: { file, depth } })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the inspection ended without an answer')))
  })
}
