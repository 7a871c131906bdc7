import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { analysisAddress } from '../analyses/asking.ts'
import type { Conditions } from '../analyses/conditions.ts'
import { type Analysis, keptName } from '../analyses/sources.ts'
import { reportAddress, reportsFor } from './report.ts'

/** The reports a person has saved or that others share, and the way to save this one, for the page of an analysis. */
export async function savedLinks(db: Knex, request: FastifyRequest, analysis: Analysis, conditions: Conditions) {
  const userId = request.user?.id as number
  const here = analysisAddress(request.url.split('?')[0] as string, conditions)
  const query = analysisAddress('', conditions).slice(1)
  const reports = await reportsFor(db, request.revision, request.viewer)
  return {
    reports: reports.map((report) => ({
      name: report.name,
      href: reportAddress(report),
      editHref: report.user_id === userId ? `/saved-reports/${report.id}/edit` : null,
      isShared: report.is_shared,
      isCurrent: reportAddress(report) === here,
    })),
    newHref: `/saved-reports/new?${new URLSearchParams({ analysis: keptName(analysis), query })}`,
  }
}
