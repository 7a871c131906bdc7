import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { type Job, visibleJobs } from '../../kernel/jobs/job.ts'
import { showCount, showInstant } from '../../kernel/web/formatting.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { roleGivers } from '../../people/roles/keepers.ts'
import { text } from '../../texts/index.ts'
import { backupFact, diskFacts, type Item, leftOutFacts } from './facts.ts'

const t = text.system

/** Something that waits for who looks after the program, and where it is looked at. */
export type Matter = { label: string; text: string; tone: string; href: string }

const mostJobs = 3
const recentMs = 7 * 86_400_000

/** What waits for this person, the gravest first; nothing here takes longer the more records there are. */
export async function mattersFor({ db, config }: FastifyInstance, request: FastifyRequest): Promise<Matter[]> {
  const grave = [...leftOutFacts(), await backupFact(config.dataDir), ...(await diskFacts(config.dataDir))]
  return [
    ...grave.flatMap(matterIn),
    ...(await failedJobs(db, request.viewer)),
    ...(await mailWaiting(db)),
    ...(request.can('roles.assign') ? await administratorAlone(db) : []),
  ]
}

const matterIn = ({ label, text: said, tone, href = '/system' }: Item): Matter[] =>
  tone ? [{ label, text: said, tone, href }] : []

/** Of the last days; those of others where one may see them. */
async function failedJobs(db: Knex, viewer: Viewer): Promise<Matter[]> {
  const jobs: Job[] = await visibleJobs(db, viewer)
    .where({ 'jobs.state': 'failed' })
    .where('jobs.finished_at', '>=', new Date(Date.now() - recentMs).toISOString())
    .orderBy('jobs.id', 'desc')
    .limit(mostJobs)
  return jobs.map(({ id, title, outcome, finished_at }) => ({
    label: title,
    text: t.error(showInstant(finished_at), outcome ?? ''),
    tone: 'red',
    href: `/jobs/${id}`,
  }))
}

async function mailWaiting(db: Knex): Promise<Matter[]> {
  const queued = db('mail_messages').where({ state: 'queued' }).whereNotNull('next_attempt_at')
  const count = Number((await queued.count({ row_count: '*' }).first())?.row_count ?? 0)
  return count > 0 ? [{ label: t.mail, text: t.sendingAgain(showCount(count)), tone: 'amber', href: '/system' }] : []
}

/** Where only one person gives roles, nobody can let people in while that one is away. */
async function administratorAlone(db: Knex): Promise<Matter[]> {
  const people = await roleGivers(db)
  const [only] = people.length === 1 ? people : []
  return only ? [{ label: t.onlyAdministrator, text: t.noSecond(only.name), tone: 'amber', href: '/users' }] : []
}
