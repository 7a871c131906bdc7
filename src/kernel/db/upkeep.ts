import { Worker } from 'node:worker_threads'
import type { TurnQueue } from './write-queue.ts'

/** After so many turns of writing there is something to do; until then the pieces of the index are few. */
const dueAfter = 50
const everyMs = 1_000

/**
 * Keeps a file of SQLite in order beside those who save, in a thread of its own: what they would do at once from time to
 * time (bringing the log into the file, merging the search index: up to seconds) it does in small steps. The thread
 * begins when enough was written and ends when nobody writes any more. Answers how to end it for good; `failed` hears
 * why a thread ended by itself.
 */
export function upkeep(file: string, turns: TurnQueue, failed: (error: unknown) => void): () => Promise<void> {
  let running: { worker: Worker; exit: Promise<void> } | undefined
  let seen = turns.count()
  const look = () => {
    if (running || turns.count() - seen < dueAfter) return
    const worker = begin(file, turns)
    worker.on('error', failed)
    const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve())).then(() => {
      running = undefined
      seen = turns.count()
    })
    running = { worker, exit }
  }
  const watch = setInterval(look, everyMs).unref()
  return async () => {
    clearInterval(watch)
    running?.worker.postMessage('stop')
    await running?.exit
  }
}

function begin(file: string, turns: TurnQueue): Worker {
  const seat = turns.seat()
  const worker = new Worker(new URL('upkeep-thread.ts', import.meta.url), {
    workerData: { file, turns: seat },
    transferList: [seat.port],
    // What the program was started with (a test runner's loaders) would need more memory than this thread has.
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 },
  })
  worker.unref()
  return worker
}
