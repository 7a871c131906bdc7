import type { FastifyInstance } from 'fastify'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import { showInstant } from '../web/formatting.ts'
import { listRoutes } from '../web/list-routes.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { activeStates, cancelJob, findVisibleJob, type Job } from './job.ts'
import { jobList, progressText, stateCell } from './list.ts'

/** Long work: its list, its page with the progress, and the wish to stop it. */
export async function jobRoutes(app: FastifyInstance) {
  listRoutes(app, jobList)

  app.get<IdParams>(
    '/jobs/:id',
    { config: { permission: 'signed-in' }, schema: { params: idParams } },
    async (request, reply) => {
      const job = await findVisibleJob(app.db, request.viewer, request.params.id)
      const reference = await referenceAt(app.db, request.revision)
      const href = app.jobKinds.get(job.kind)?.href?.(job)
      return reply.page('kernel/jobs/show', {
        title: job.title,
        refresh: activeStates.includes(job.state) ? 3 : null,
        job: { ...jobView(job, reference.person(job.user_id)?.name ?? ''), href },
      })
    },
  )

  app.post<IdParams>(
    '/jobs/:id/cancellation',
    { config: { permission: 'signed-in' }, schema: { params: idParams } },
    async (request, reply) => {
      const job = await findVisibleJob(app.db, request.viewer, request.params.id)
      await app.db.transaction((trx) => cancelJob(trx, job, text.jobs.cancelledBeforeStart, request.actor))
      await request.flash(text.jobs.cancelled)
      return reply.redirect(`/jobs/${job.id}`, 303)
    },
  )
}

function jobView(job: Job, startedBy: string) {
  const isActive = activeStates.includes(job.state)
  return {
    id: job.id,
    title: job.title,
    state: stateCell(job),
    progress: progressText(job),
    done: job.done_count,
    total: job.total_count,
    outcome: job.outcome,
    startedBy,
    createdAt: showInstant(job.created_at),
    finishedAt: showInstant(job.finished_at),
    isActive,
    isCancellable: isActive && !job.is_cancel_asked,
  }
}
