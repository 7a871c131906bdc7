import type { FastifyInstance, FastifyRequest } from 'fastify'
import { referenceAt } from '../../kernel/reference.ts'
import { parametersIn } from '../../kernel/web/list-query.ts'
import type { Analysis } from '../analyses/analyses.ts'
import { readConditions } from '../analyses/conditions.ts'
import type { Asked } from '../analyses/result.ts'
import { analysisOf, type SavedReport } from './report.ts'

/** The analysis of a report with its conditions, as whoever looks at it now may see them. */
export async function askedIn(
  app: FastifyInstance,
  request: FastifyRequest,
  report: Pick<SavedReport, 'analysis' | 'query'>,
): Promise<Asked> {
  const analysis = analysisOf(report) as Analysis
  const reference = await referenceAt(app.db, request.revision)
  const conditions = readConditions(parametersIn(report.query), { reference, viewer: request.viewer, analysis })
  return { app, analysis, conditions, reference }
}
