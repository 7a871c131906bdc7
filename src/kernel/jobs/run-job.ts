import { setTimeout as wait } from 'node:timers/promises'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { storageFault } from '../db/dialect.ts'
import { showCount } from '../web/formatting.ts'
import { Refusal } from '../web/refusal.ts'
import { endJob, findJob, type Job, keepLease, leaseSeconds, postponeJob, renewLease } from './job.ts'
import type { JobContext, JobKind } from './runner.ts'

class Stopped extends Error {}

/** Thrown by work that has to wait until `at`: other work is done meanwhile, then it is run again with what it kept. */
export class RetryAt extends Error {
  readonly at: string

  constructor(at: string) {
    super(at)
    this.at = at
  }
}

/** A job that ends its server each time would otherwise do so for ever. */
const mostTakeovers = 5

/** `steppedAt`: when its last step was done, by the clock of this process. */
export type Taken = { kind: JobKind | undefined; holder: string; job: Job; steppedAt: number }

/** Does a job and ends it with its outcome, or with why it has none. Never throws for what the work throws. */
export async function runJob(context: JobContext, taken: Taken) {
  const { kind, holder, job } = taken
  const beat = setInterval(() => keepLease(context.db, job.id, holder).catch(() => {}), (leaseSeconds * 1_000) / 3)
  try {
    if (!kind) throw new Refusal({ message: text.jobs.unknownKind })
    if (job.takeover_count > mostTakeovers) throw new Refusal({ message: text.jobs.givenUp(mostTakeovers) })
    const person = await context.db('users').where({ id: job.user_id }).first('name')
    const actor = { id: job.user_id, name: person.name, address: job.address }
    const outcome = await kind.run({ ...context, job, actor, step: (work) => patientStep(context.db, taken, work) })
    await endJob(context.db, job, holder, 'done', outcome)
  } catch (error) {
    await endBadly(context, taken, error)
  } finally {
    clearInterval(beat)
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

async function step<T>(db: Knex, taken: Taken, work: StepWork<T>): Promise<T> {
  const { holder, job } = taken
  const answer = await db.transaction(async (trx) => {
    const done = await work(trx)
    if (!(await renewLease(trx, job, holder))) throw new Stopped()
    return done
  })
  taken.steppedAt = performance.now()
  await new Promise<void>((resolve) => setImmediate(resolve))
  return answer
}

async function endBadly({ db, log }: JobContext, { holder, job }: Taken, error: unknown) {
  if (error instanceof RetryAt && (await postponeJob(db, job, holder, error.at))) return
  const stored = await findJob(db, job.id)
  if (error instanceof Stopped || error instanceof RetryAt) {
    if (stored?.is_cancel_asked)
      await endJob(db, job, holder, 'cancelled', text.jobs.cancelledAfter(showCount(stored.done_count)))
    return
  }
  const isRefusal = error instanceof Refusal
  if (!isRefusal) log.error({ err: error, job: job.id }, 'job failed')
  await endJob(db, job, holder, 'failed', isRefusal ? error.message : text.jobs.fault)
}
