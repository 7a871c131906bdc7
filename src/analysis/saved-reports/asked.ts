import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { parametersIn } from '../../kernel/web/list-query.ts'
import { notFound } from '../../kernel/web/refusal.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { readConditions } from '../analyses/conditions.ts'
import type { Asked } from '../analyses/result.ts'
import { reportedBy, type SavedReport } from './report.ts'

type Kept = Pick<SavedReport, 'analysis' | 'query'>

/** What is kept where nothing is said of which analysis. */
export const usualAnalysis = 'customer-levels'

/** The analysis of a report with its conditions, as whoever looks at it now may see them. Throws notFound where that is not at all. */
export function askedBy({ viewer, reference }: { viewer: Viewer; reference: Reference }, report: Kept) {
  const found = reportedBy(report, viewer)
  if (!found) throw notFound()
  const conditions = readConditions(parametersIn(report.query), { reference, viewer, ...found })
  return { analysis: found.analysis, conditions }
}

/** The same for who looks, to be counted. */
export async function askedIn(app: FastifyInstance, request: FastifyRequest, report: Kept): Promise<Asked> {
  const { viewer, revision } = request
  const reference = await referenceAt(app.db, revision)
  return { app, reference, revision, ...askedBy({ viewer, reference }, report) }
}
