import type { Knex } from 'knex'
import { findJob, inSeconds, type Job, leaseSeconds } from './job.ts'

/** Jobs that wait and whose time has come, or whose server fell silent. */
const takeable = (db: Knex) =>
  db('jobs').where((free) =>
    free
      .where((waiting) =>
        waiting
          .where({ state: 'waiting' })
          .where((due) => due.whereNull('not_before_at').orWhere('not_before_at', '<=', inSeconds(0))),
      )
      .orWhere((lost) => lost.where({ state: 'running' }).where('lease_until_at', '<', inSeconds(0))),
  )

/** The people for whom something is being done. */
const served = (db: Knex) =>
  db('jobs').where({ state: 'running' }).where('lease_until_at', '>=', inSeconds(0)).select('user_id')

export const isJobWaiting = async (db: Knex): Promise<boolean> => Boolean(await takeable(db).first('id'))

/**
 * Takes the oldest job there is to take; only one server gets it. People for whom nothing is being done come first, so
 * that nobody waits for all the work of another; `onlyThem` takes nothing else.
 */
export async function takeJob(db: Knex, server: string, { onlyThem = false } = {}): Promise<Job | undefined> {
  const first = takeable(db).whereNotIn('user_id', served(db))
  for (const jobs of onlyThem ? [first] : [first, takeable(db)]) {
    const candidates: number[] = await jobs.orderBy('id').limit(5).pluck('id')
    for (const id of candidates) if (await lease(db, id, server)) return findJob(db, id)
  }
  return undefined
}

async function lease(db: Knex, id: number, server: string): Promise<boolean> {
  const taken = { state: 'running', leased_by: server, lease_until_at: inSeconds(leaseSeconds) }
  const free = () => db('jobs').where({ id })
  const isNew = await free()
    .where({ state: 'waiting' })
    .update({ ...taken, started_at: inSeconds(0), not_before_at: null })
  if (isNew) return true
  const lost = free().where({ state: 'running' }).where('lease_until_at', '<', inSeconds(0))
  return Boolean(await lost.update(taken).increment('takeover_count', 1))
}
