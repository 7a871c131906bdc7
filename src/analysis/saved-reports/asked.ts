import type { FastifyInstance, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { parametersIn } from '../../kernel/web/list-query.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import { readConditions } from '../analyses/conditions.ts'
import type { Asked } from '../analyses/result.ts'
import { reportedBy, type SavedReport } from './report.ts'

/** The analysis of a report with its conditions, as whoever looks at it now may see them. Throws notFound where that is not at all. */
export async function askedIn(
  app: FastifyInstance,
  request: FastifyRequest,
  report: Pick<SavedReport, 'analysis' | 'query'>,
): Promise<Asked> {
  const { viewer, revision } = request
  const found = reportedBy(report, viewer)
  if (!found) throw notFound()
  const reference = await referenceAt(app.db, revision)
  const conditions = readConditions(parametersIn(report.query), { reference, viewer, ...found })
  return { app, analysis: found.analysis, conditions, reference, revision }
}
