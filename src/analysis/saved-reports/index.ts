import type { FastifyInstance } from 'fastify'
import { folder } from '../analyses/sources.ts'

/** Saved reports stand on the pages of analyses: whoever looks for them, or has deleted one, is led there. */
export async function savedReportRoutes(app: FastifyInstance) {
  app.get('/saved-reports', { config: { permission: 'analysis.view' } }, async (_request, reply) =>
    reply.redirect(folder, 303),
  )
}
