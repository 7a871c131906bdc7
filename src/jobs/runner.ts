import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import type { Actor } from '../web/session.ts'
import { endJob, findJob, giveBackJobs, type Job, keepJob, takeJob } from './job.ts'

/** What the work of a job is given. */
export type JobRun = {
  app: FastifyInstance
  job: Job
  actor: Actor
  /**
   * Does one step in one transaction and writes with it how far the job is (`job.payload`, `job.done_count`), so that
   * after a crash it goes on where it was. Ends the work when the job was cancelled, and lets other people in between.
   */
  step<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>
}

/** One kind of long work. `run` answers what it did, in a sentence for the person; a Refusal ends it with its sentence. */
export type JobKind = { kind: string; run(run: JobRun): Promise<string>; href?(job: Job): string | undefined }

declare module 'fastify' {
  interface FastifyInstance {
    jobKinds: Map<string, JobKind>
    /** Looks for work now instead of at the next turn. */
    wakeJobs(): void
    /** Does all the work there is; for tests and for a stop. */
    runJobs(): Promise<void>
    /** Begins a job as soon as may be and answers when it has ended here, or after `ms` at the latest. */
    jobSoon(id: number, ms: number): Promise<void>
  }
}

class Stopped extends Error {}

const everyMs = 1_000

/** Runs jobs, two at a time per server; any server on the database may take them. */
export function jobRunner(app: FastifyInstance, { isStarted }: { isStarted: boolean }) {
  let isOpen = isStarted
  let isClosing = false
  const sleeping = new Set<() => void>()
  const wake = () => {
    for (const wakeLane of sleeping) wakeLane()
  }
  const underWay = new Map<string, Promise<void>>()
  const ended = new EventEmitter().setMaxListeners(0)
  const work = async () => {
    while (!isClosing) {
      // A lease belongs to one run: a lane that was silent for too long must not go on beside the one that took over.
      const holder = randomUUID()
      const job = await takeJob(app.db, holder)
      if (!job) return
      if (isClosing) return giveBackJobs(app.db, holder)
      const running = runJob(app, holder, job)
      underWay.set(holder, running)
      await running.finally(() => underWay.delete(holder))
      ended.emit(String(job.id))
    }
  }
  const lane = async () => {
    while (isOpen) {
      await work().catch((error) => app.log.error({ err: error }, 'job lane'))
      const woken = Promise.withResolvers<void>()
      sleeping.add(woken.resolve)
      await Promise.race([wait(everyMs, undefined, { ref: false }), woken.promise])
      sleeping.delete(woken.resolve)
    }
  }
  app.decorate('jobKinds', new Map())
  app.decorate('wakeJobs', wake)
  app.decorate('runJobs', async () => {
    await work()
    await Promise.all(underWay.values())
  })
  app.decorate('jobSoon', async (id, ms) => {
    const waiting = new AbortController()
    const end = once(ended, String(id), waiting)
    if (isOpen) wake()
    else void work().catch((error) => app.log.error({ err: error }, 'job'))
    await Promise.race([end, wait(ms, undefined, waiting)]).finally(() => waiting.abort())
  })
  app.addHook('onReady', async () => {
    if (isOpen) for (let lanes = 0; lanes < 2; lanes++) void lane()
  })
  app.addHook('preClose', async () => {
    isOpen = false
    isClosing = true
    for (const holder of underWay.keys()) await giveBackJobs(app.db, holder)
    await Promise.all(underWay.values())
  })
}

async function runJob(app: FastifyInstance, holder: string, job: Job) {
  const kind = app.jobKinds.get(job.kind)
  try {
    if (!kind) throw new Refusal({ message: text.jobs.unknownKind })
    const person = await app.db('users').where({ id: job.user_id }).first('name')
    const actor = { id: job.user_id, name: person.name, address: job.address }
    const outcome = await kind.run({ app, job, actor, step: (work) => step(app.db, holder, job, work) })
    await endJob(app.db, job, holder, 'done', outcome)
  } catch (error) {
    await endBadly(app, holder, job, error)
  }
}

async function step<T>(db: Knex, holder: string, job: Job, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  const answer = await db.transaction(async (trx) => {
    const done = await work(trx)
    if (!(await keepJob(trx, job, holder))) throw new Stopped()
    return done
  })
  await new Promise<void>((resolve) => setImmediate(resolve))
  return answer
}

async function endBadly(app: FastifyInstance, holder: string, job: Job, error: unknown) {
  const stored = await findJob(app.db, job.id)
  if (error instanceof Stopped) {
    if (stored?.is_cancel_asked)
      await endJob(app.db, job, holder, 'cancelled', text.jobs.cancelledAfter(stored.done_count))
    return
  }
  const isRefusal = error instanceof Refusal
  if (!isRefusal) app.log.error({ err: error, job: job.id }, 'job failed')
  await endJob(app.db, job, holder, 'failed', isRefusal ? error.message : text.jobs.fault)
}
