import type { FastifyInstance, FastifyRequest } from 'fastify'
import { activeStates, askForJob } from '../../kernel/jobs/job.ts'
import type { Body } from '../../kernel/web/form.ts'
import { idempotent } from '../../kernel/web/submissions.ts'

const patience = 800

/** Asks for a job unless one of its kind is under way, waits a moment for it, and answers its address. */
export async function askOnce(
  app: FastifyInstance,
  request: FastifyRequest,
  { kind, title, payload }: { kind: string; title: string; payload: Record<string, unknown> },
): Promise<string> {
  const { actor, body } = request
  const location = await idempotent(app.db, body as Body, async (trx) => {
    const active = await trx('jobs').where({ kind }).whereIn('state', activeStates).first('id')
    return `/jobs/${active?.id ?? (await askForJob(trx, { kind, title, payload, total: 100, actor }))}`
  })
  await app.jobSoon(Number(location.split('/').at(-1)), patience)
  return location
}
