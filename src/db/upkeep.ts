import { Worker } from 'node:worker_threads'
import type { TurnQueue } from './turns.ts'

/**
 * Keeps a file of SQLite in order beside those who save, in a thread of its own: what they would do at once from time to
 * time (bringing the log into the file, merging the search index: up to seconds) it does in small steps. Answers how to
 * end it. `failed` hears why it ended by itself; the file then is kept up by those who save, at longer intervals.
 */
export function upkeep(file: string, turns: TurnQueue, failed: (error: unknown) => void): () => Promise<void> {
  const port = turns.port()
  const worker = new Worker(new URL('upkeep-thread.ts', import.meta.url), {
    workerData: { file, turns: port },
    transferList: [port],
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 },
  })
  worker.unref()
  worker.on('error', failed)
  const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  return () => {
    worker.postMessage('stop')
    return exit
  }
}
