import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { Config } from '../../config.ts'
import type { Actor } from '../web/session.ts'
import { type Job, releaseJobs } from './job.ts'
import { runJob, type Taken } from './run-job.ts'
import { takeJob } from './taking.ts'

/** What work has to do with of the program: it may run in a thread of its own, without the web server. */
export type JobContext = {
  db: Knex
  config: Config
  log: { error(fields: Record<string, unknown>, message: string): void }
}

/** What the work of a job is given. */
export type JobRun = JobContext & {
  job: Job
  actor: Actor
  /**
   * Does one step in one transaction and writes with it how far the job is (`job.payload`, `job.done_count`), so that
   * after a crash it goes on where it was. Ends the work when the job was cancelled, and lets other people in between.
   * `work` may be called again: a database that was busy, or chose it as the victim of a deadlock, has undone it all.
   */
  step<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>
}

/** One kind of long work. `run` answers what it did, in a sentence for the person; a Refusal ends it with its sentence. */
export type JobKind = { kind: string; run(run: JobRun): Promise<string>; href?(job: Job): string | undefined }

/** Takes jobs and does them; any server on the database may take them. */
export type JobRunner = {
  /** Looks for work now instead of at the next turn. */
  wake(): void
  /** Does all the work there is. */
  runAll(): Promise<void>
  /** Gives its jobs back for others to go on with, when the step under way is done. */
  stop(): Promise<void>
  /** Whether nothing has been under way for so long. */
  isIdleFor(ms: number): boolean
}

const lanes = 2
const mostLanes = 8
const everyMs = 1_000

type Options = {
  kinds: ReadonlyMap<string, JobKind>
  isStarted: boolean
  ended(id: number): void
  /**
   * Where a lane waits so long for one step (for a file that is poisoned, or a server that does not answer), others get
   * one more.
   */
  stuckMs?: number
}

/** Two jobs at a time, and more while some are stuck; `isStarted` goes on looking for them, otherwise only `runAll` does. */
export function jobRunner(context: JobContext, { kinds, isStarted, ended, stuckMs = 5_000 }: Options): JobRunner {
  const { db, log } = context
  let isClosing = false
  let busyAt = performance.now()
  const sleeping = new Set<() => void>()
  const wake = () => {
    for (const wakeLane of sleeping) wakeLane()
  }
  const underWay = new Map<string, UnderWay>()
  const take = async (choice = {}): Promise<boolean> => {
    // A lease belongs to one run: a lane that was silent for too long must not go on beside the one that took over.
    const holder = randomUUID()
    const job = await takeJob(db, holder, choice)
    if (!job) return false
    if (isClosing) await releaseJobs(db, holder)
    else {
      const taken: Taken = { kind: kinds.get(job.kind), holder, job, steppedAt: performance.now() }
      const running = runJob(context, taken)
      underWay.set(holder, { taken, running })
      await running.finally(() => underWay.delete(holder))
      busyAt = performance.now()
      ended(job.id)
    }
    return true
  }
  const work = async () => {
    while (!isClosing && (await take()));
  }
  const isOneMoreWanted = () => {
    const moving = [...underWay.values()].filter(({ taken }) => performance.now() - taken.steppedAt < stuckMs)
    return underWay.size >= lanes && underWay.size < mostLanes && moving.length < lanes
  }
  const extra = new Set<Promise<unknown>>()
  const oneMore = async () => {
    if (!isOneMoreWanted()) return
    const taking = take({ onlyThem: true }).catch((error) => log.error({ err: error }, 'job lane'))
    extra.add(taking)
    void taking.finally(() => extra.delete(taking))
  }
  const again = async (act: () => Promise<void>) => {
    while (!isClosing) {
      await act().catch((error) => log.error({ err: error }, 'job lane'))
      const woken = Promise.withResolvers<void>()
      sleeping.add(woken.resolve)
      await Promise.race([wait(everyMs, undefined, { ref: false }), woken.promise])
      sleeping.delete(woken.resolve)
    }
  }
  const running = isStarted ? [...Array.from({ length: lanes }, () => again(work)), again(oneMore)] : []
  return {
    wake,
    runAll: async () => {
      await work()
      await Promise.all([...underWay.values()].map(({ running }) => running))
    },
    stop: async () => {
      isClosing = true
      wake()
      for (const holder of underWay.keys()) await releaseJobs(db, holder)
      await Promise.all([...[...underWay.values()].map(({ running }) => running), ...extra, ...running])
    },
    isIdleFor: (ms) => underWay.size === 0 && performance.now() - busyAt > ms,
  }
}

type UnderWay = { taken: Taken; running: Promise<void> }
