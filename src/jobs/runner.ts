import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { Config } from '../config.ts'
import { storageFault } from '../db/dialect.ts'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { endJob, findJob, giveBackJobs, type Job, keepJob, postponeJob, takeJob } from './job.ts'

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

class Stopped extends Error {}

/** Thrown by work that has to wait until `at`: other work is done meanwhile, then it is run again with what it kept. */
export class Later extends Error {
  readonly at: string

  constructor(at: string) {
    super(at)
    this.at = at
  }
}

const lanes = 2
/** A job that ends its server each time would otherwise do so for ever. */
const mostTakeovers = 5
const everyMs = 1_000

type Options = { kinds: ReadonlyMap<string, JobKind>; isStarted: boolean; ended(id: number): void }

/** Two jobs at a time; `isStarted` goes on looking for more, otherwise only `runAll` does. */
export function jobRunner(context: JobContext, { kinds, isStarted, ended }: Options): JobRunner {
  const { db, log } = context
  let isClosing = false
  let busyAt = performance.now()
  const sleeping = new Set<() => void>()
  const wake = () => {
    for (const wakeLane of sleeping) wakeLane()
  }
  const underWay = new Map<string, Promise<void>>()
  const work = async () => {
    while (!isClosing) {
      // A lease belongs to one run: a lane that was silent for too long must not go on beside the one that took over.
      const holder = randomUUID()
      const job = await takeJob(db, holder)
      if (!job) return
      if (isClosing) return giveBackJobs(db, holder)
      const running = runJob(context, { kind: kinds.get(job.kind), holder, job })
      underWay.set(holder, running)
      await running.finally(() => underWay.delete(holder))
      busyAt = performance.now()
      ended(job.id)
    }
  }
  const lane = async () => {
    while (!isClosing) {
      await work().catch((error) => log.error({ err: error }, 'job lane'))
      const woken = Promise.withResolvers<void>()
      sleeping.add(woken.resolve)
      await Promise.race([wait(everyMs, undefined, { ref: false }), woken.promise])
      sleeping.delete(woken.resolve)
    }
  }
  const runningLanes = isStarted ? Array.from({ length: lanes }, lane) : []
  return {
    wake,
    runAll: async () => {
      await work()
      await Promise.all(underWay.values())
    },
    stop: async () => {
      isClosing = true
      wake()
      for (const holder of underWay.keys()) await giveBackJobs(db, holder)
      await Promise.all([...underWay.values(), ...runningLanes])
    },
    isIdleFor: (ms) => underWay.size === 0 && performance.now() - busyAt > ms,
  }
}

type Taken = { kind: JobKind | undefined; holder: string; job: Job }

async function runJob(context: JobContext, taken: Taken) {
  const { kind, holder, job } = taken
  try {
    if (!kind) throw new Refusal({ message: text.jobs.unknownKind })
    if (job.takeover_count > mostTakeovers) throw new Refusal({ message: text.jobs.givenUp(mostTakeovers) })
    const person = await context.db('users').where({ id: job.user_id }).first('name')
    const actor = { id: job.user_id, name: person.name, address: job.address }
    const outcome = await kind.run({ ...context, job, actor, step: (work) => patientStep(context.db, taken, work) })
    await endJob(context.db, job, holder, 'done', outcome)
  } catch (error) {
    await endBadly(context, taken, error)
  }
}

type StepWork<T> = (trx: Knex.Transaction) => Promise<T>

/** How long to wait before a step is tried again, in milliseconds. */
const pauses = [50, 200, 1_000, 3_000]

async function patientStep<T>(db: Knex, taken: Taken, work: StepWork<T>): Promise<T> {
  const { payload, done_count, total_count } = structuredClone(taken.job)
  for (const pause of pauses) {
    try {
      return await step(db, taken, work)
    } catch (error) {
      if (storageFault(error) !== 'busy') throw error
      Object.assign(taken.job, structuredClone({ payload, done_count, total_count }))
      await wait(pause)
    }
  }
  return step(db, taken, work)
}

async function step<T>(db: Knex, { holder, job }: Taken, work: StepWork<T>): Promise<T> {
  const answer = await db.transaction(async (trx) => {
    const done = await work(trx)
    if (!(await keepJob(trx, job, holder))) throw new Stopped()
    return done
  })
  await new Promise<void>((resolve) => setImmediate(resolve))
  return answer
}

async function endBadly({ db, log }: JobContext, { holder, job }: Taken, error: unknown) {
  if (error instanceof Later && (await postponeJob(db, job, holder, error.at))) return
  const stored = await findJob(db, job.id)
  if (error instanceof Stopped || error instanceof Later) {
    if (stored?.is_cancel_asked) await endJob(db, job, holder, 'cancelled', text.jobs.cancelledAfter(stored.done_count))
    return
  }
  const isRefusal = error instanceof Refusal
  if (!isRefusal) log.error({ err: error, job: job.id }, 'job failed')
  await endJob(db, job, holder, 'failed', isRefusal ? error.message : text.jobs.fault)
}
