import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { showCount } from '../web/formatting.ts'
import { activeStates, type Job } from './job.ts'

/** The newest long work that a person has under way, for the top bar of every page; `count` says how much there is. */
export async function barJob(db: Knex, userId: number, count: number) {
  const job: Pick<Job, 'id' | 'title' | 'state' | 'done_count' | 'total_count'> | undefined = await db('jobs')
    .where({ user_id: userId })
    .whereIn('state', activeStates)
    .orderBy('id', 'desc')
    .first('id', 'title', 'state', 'done_count', 'total_count')
  if (!job) return null
  const more = count > 1 ? text.jobs.more(count - 1) : ''
  return { href: `/jobs/${job.id}`, title: job.title, progress: `${progressOf(job)}${more}` }
}

function progressOf({ state, done_count, total_count }: Pick<Job, 'state' | 'done_count' | 'total_count'>): string {
  if (state === 'waiting') return text.jobs.states.waiting
  if (!total_count) return showCount(done_count)
  return `${Math.min(100, Math.floor((done_count * 100) / total_count))}%`
}
