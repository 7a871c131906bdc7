import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { fact, recordEvent } from '../../kernel/history/history.ts'
import { activeStates, askForJob } from '../../kernel/jobs/job.ts'
import type { Reference } from '../../kernel/reference.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import { inScope } from '../../kernel/web/scope.ts'
import type { Actor } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
import { closeUser } from '../users/acts.ts'
import { userKind } from '../users/fields.ts'
import { findUser, type User } from '../users/user.ts'
import { countOwned, type Handed, totalOf, unitOf } from './handed.ts'
import type { Shares } from './shares.ts'
import { type Successors, succeed } from './succession.ts'

export type Handover = {
  id: number
  user_id: number
  actor_id: number
  superior_id: number | null
  is_leaving: boolean
  reason: string
  shares: Shares
  /** What moved beside customers, in sentences. */
  others: string[]
  total_count: number
  moved_count: number
  job_id: number | null
  job_state: string | null
  created_at: string
  finished_at: string | null
}

const handovers = (db: Knex): Knex.QueryBuilder =>
  db('handovers').leftJoin('jobs', 'jobs.id', 'handovers.job_id').select('handovers.*', 'jobs.state as job_state')

const read = (row: Omit<Handover, 'shares' | 'others'> & { shares: string; others: string }): Handover => ({
  ...row,
  shares: JSON.parse(row.shares),
  others: JSON.parse(row.others),
})

/** A hand-over of this person, or a 404. */
export async function findHandover(db: Knex, userId: number, id: number): Promise<Handover> {
  const row = await handovers(db).where({ 'handovers.id': id, 'handovers.user_id': userId }).first()
  if (!row) throw notFound()
  return read(row)
}

/** The latest hand-overs in which a person gave or received. */
export async function handoversOf(db: Knex, userId: number): Promise<Handover[]> {
  const received = db('handover_rows').distinct('handover_id').where('receiver_id', userId)
  const rows = await handovers(db)
    .where('handovers.user_id', userId)
    .orWhereIn('handovers.id', received)
    .orderBy('handovers.id', 'desc')
    .limit(20)
  return rows.map(read)
}

/** Whoever hands over the customers of somebody must be within reach of that person's customers. */
export const mayHandOver = ({ viewer }: FastifyRequest, giverId: number) =>
  viewer.can('users.transfer') && inScope(viewer.scope('customers.transfer'), giverId)

export const isUnderWay = ({ job_state }: Handover) => (activeStates as (string | null)[]).includes(job_state)

export type Wanted = { shares: Shares; reason: string; isLeaving: boolean; successors: Successors }

/**
 * Begins a hand-over in the caller's transaction: closes the account of one who leaves, gives subordinates and
 * departments to others, and asks for the job that moves what is his of the `kinds`. Answers its id and the job. Two for one person
 * do not run beside each other.
 */
export async function beginHandover(
  trx: Knex,
  userId: number,
  { shares, reason, isLeaving, successors }: Wanted,
  { actor, reference, kinds }: { actor: Actor; reference: Reference; kinds: Handed[] },
): Promise<{ id: number; job: number | null }> {
  await bumpRevision(trx)
  const giver = await findUser(trx, userId)
  await refuseSecond(trx, giver)
  if (shares.receivers.some(({ receiver }) => receiver === userId))
    throw new Refusal({ message: text.handovers.receiverIsGiver })
  const others = isLeaving ? await succeed(trx, giver, successors, { actor, reference }) : []
  if (isLeaving && giver.status !== 'left') await closeUser(trx, giver, { actor, reference })
  const owned = await countOwned(trx, kinds, userId)
  const total_count = totalOf(owned)
  const modules = owned.filter((one) => totalOf([one]) > 0).map(({ kind }) => kind.name)
  const now = new Date().toISOString()
  const row = {
    user_id: userId,
    actor_id: actor.id,
    superior_id: giver.superior_id,
    is_leaving: isLeaving,
    reason,
    shares: JSON.stringify({ ...shares, modules }),
    others: JSON.stringify(others),
    total_count,
    moved_count: 0,
    job_id: null,
    created_at: now,
    finished_at: total_count === 0 ? now : null,
  }
  const [{ id }] = await trx('handovers').insert(row).returning('id')
  const changes = [fact('reason', reason)]
  await recordEvent(trx, actor, { ...eventOf(userKind, giver), action: 'transfer', changes })
  if (total_count === 0) return { id, job: null }
  const title = text.handovers.job(giver.name, unitOf(modules).slice(1))
  const job = await askForJob(trx, {
    kind: 'handover',
    title,
    payload: { handover: id, userId },
    total: total_count,
    actor,
  })
  await trx('handovers').where({ id }).update({ job_id: job })
  return { id, job }
}

async function refuseSecond(trx: Knex, { id, name }: User) {
  const other = await handovers(trx)
    .where('handovers.user_id', id)
    .whereIn('jobs.state', activeStates)
    .first('handovers.id')
  if (other) throw new Refusal({ message: text.handovers.underWay(name) })
}

/** What each receiver got of each kind. */
export async function receivedOf(
  db: Knex,
  handover_id: number,
): Promise<{ receiver_id: number; module: string; row_count: number }[]> {
  return db('handover_rows')
    .where({ handover_id })
    .groupBy('receiver_id', 'module')
    .orderBy(['receiver_id', 'module'])
    .select('receiver_id', 'module')
    .count({ row_count: '*' })
}
