import { setTimeout as wait } from 'node:timers/promises'
import type { JobRun } from './runner.ts'

const everyMs = 2_000

/**
 * Does work that has no steps in the database (copying, packing) and meanwhile keeps the job and shows how far it is.
 * `done` is a number between 0 and 100. A job that is cancelled ends the work by its signal.
 */
export async function longStep<T>(
  { job, step }: JobRun,
  work: (tell: (done: number) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  job.total_count = 100
  const working = work((done) => {
    job.done_count = Math.min(100, Math.floor(done))
  }, ending.signal)
  const isOver = working.then(
    () => true,
    () => true,
  )
  try {
    while (!(await Promise.race([isOver, wait(everyMs, false, { ref: false })]))) await step(async () => {})
  } catch (error) {
    ending.abort(error)
    await isOver
    throw error
  }
  return working
}
