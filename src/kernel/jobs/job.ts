import type { Knex } from 'knex'
import type { Actor } from '../history/actor.ts'
import { recordEvent } from '../history/history.ts'
import { notFound } from '../web/refusal.ts'
import type { Viewer } from '../web/viewer.ts'

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

export type Job = {
  id: number
  kind: string
  title: string
  state: JobState
  /** What the work needs, and how far it is: kept in the same transaction as each step. */
  payload: Record<string, unknown>
  done_count: number
  total_count: number | null
  outcome: string | null
  user_id: number
  address: string | null
  created_at: string
  started_at: string | null
  finished_at: string | null
  is_cancel_asked: boolean
  /** How often it was taken over from a server that fell silent, without having come further since. */
  takeover_count: number
}

export const activeStates: JobState[] = ['waiting', 'running']

/** How long a server may be silent before another takes its job over. */
export const leaseSeconds = 30

export const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
const now = () => inSeconds(0)

const columns = [
  'id',
  'kind',
  'title',
  'state',
  'payload',
  'done_count',
  'total_count',
  'outcome',
  'user_id',
  'address',
  'created_at',
  'started_at',
  'finished_at',
  'is_cancel_asked',
  'takeover_count',
]

const read = (row: (Omit<Job, 'payload'> & { payload: string }) | undefined): Job | undefined =>
  row && { ...row, payload: JSON.parse(row.payload) }

/** Asks for long work, in the transaction of what leads to it. Answers the number of the job. */
export async function askForJob(
  trx: Knex,
  {
    kind,
    title,
    payload,
    total = null,
    actor,
  }: { kind: string; title: string; payload: Record<string, unknown>; total?: number | null; actor: Actor },
): Promise<number> {
  const row = {
    kind,
    title,
    state: 'waiting',
    payload: JSON.stringify(payload),
    done_count: 0,
    total_count: total,
    outcome: null,
  }
  const who = { user_id: actor.id, address: actor.address, created_at: now(), started_at: null, finished_at: null }
  const lease = {
    leased_by: null,
    lease_until_at: null,
    is_cancel_asked: false,
    takeover_count: 0,
    not_before_at: null,
  }
  const [{ id }] = await trx('jobs')
    .insert({ ...row, ...who, ...lease })
    .returning('id')
  await recordEvent(trx, actor, { action: 'start', record_type: 'jobs', record_id: id, record_name: title })
  return id
}

/** How much long work a user has under way, as a part of a query of users. */
export const activeJobColumn = (db: Knex) =>
  db('jobs')
    .count('*')
    .where('jobs.user_id', db.ref('users.id'))
    .whereIn('jobs.state', activeStates)
    .as('active_job_count')

/** One's own jobs, or all with the right to see those of others. */
export const visibleJobs = (db: Knex, viewer: Viewer): Knex.QueryBuilder =>
  viewer.can('jobs.view') ? db('jobs') : db('jobs').where('jobs.user_id', viewer.id)

export const findJob = async (db: Knex, id: number): Promise<Job | undefined> =>
  read(await db('jobs').where({ id }).first(columns))

/** A job this person may see; one of others looks as if it were not there. */
export async function findVisibleJob(db: Knex, viewer: Viewer, id: number): Promise<Job> {
  const job = read(await visibleJobs(db, viewer).where({ id }).first(columns))
  if (!job) throw notFound()
  return job
}

/** Says that the server of a job is there, though the job does not come further. */
export async function keepLease(db: Knex, id: number, server: string) {
  const held = { id, state: 'running', leased_by: server }
  await db('jobs')
    .where(held)
    .update({ lease_until_at: inSeconds(leaseSeconds) })
}

/** Keeps a job for its server, and with it how far it is. Answers false when it was cancelled or taken away. */
export async function renewLease(trx: Knex, job: Job, server: string): Promise<boolean> {
  const kept = await trx('jobs')
    .where({ id: job.id, state: 'running', leased_by: server, is_cancel_asked: false })
    .update({
      lease_until_at: inSeconds(leaseSeconds),
      payload: JSON.stringify(job.payload),
      done_count: job.done_count,
      total_count: job.total_count,
      takeover_count: 0,
    })
  return kept === 1
}

/** Ends a job with what there is to say about it. */
export async function endJob(db: Knex, job: Job, server: string, state: JobState, outcome: string) {
  const ended = { state, outcome, finished_at: now(), lease_until_at: null }
  await db('jobs').where({ id: job.id, state: 'running', leased_by: server }).update(ended)
}

/** Lets a job wait until `at`, unless it was cancelled meanwhile: answers whether it waits. */
export async function postponeJob(db: Knex, job: Job, server: string, at: string): Promise<boolean> {
  const waiting = { state: 'waiting', not_before_at: at, leased_by: null, lease_until_at: null }
  const held = { id: job.id, state: 'running', leased_by: server, is_cancel_asked: false }
  return Boolean(await db('jobs').where(held).update(waiting))
}

/** Gives the jobs of a server back, when it stops in good order: their next step fails there. */
export async function releaseJobs(db: Knex, server: string) {
  await db('jobs')
    .where({ state: 'running', leased_by: server })
    .update({ lease_until_at: inSeconds(-1), leased_by: null })
}

/** Asks a job to stop; one that has not begun stops at once. */
export async function cancelJob(trx: Knex, { id, title }: Pick<Job, 'id' | 'title'>, outcome: string, actor: Actor) {
  const stopped = await trx('jobs')
    .where({ id, state: 'waiting' })
    .update({ state: 'cancelled', outcome, finished_at: now() })
  const asked = () => trx('jobs').where({ id, state: 'running' }).update({ is_cancel_asked: true })
  if (stopped || (await asked()))
    await recordEvent(trx, actor, { action: 'cancel', record_type: 'jobs', record_id: id, record_name: title })
}
