import type { FastifyInstance, FastifyRequest } from 'fastify'
import { pinnedReports } from '../../analysis/saved-reports/report.ts'
import { optionsAt } from '../../kernel/web/person-options.ts'
import { deskPath } from '../../office/workbench/path.ts'

const usualStart = '/customers'
const ownPage = '/profile'

/** The pages a person may begin with: all of the side bar. */
export const pagesOf = (request: FastifyRequest) =>
  request.server.menuOf(request).flatMap(({ entries }) => entries.map(({ href, label }) => ({ value: href, label })))

/**
 * Where a person begins: the page chosen, as long as it may be opened; else the own reports where there are some, the
 * usual one, or the first there is.
 */
export async function startPageOf(app: FastifyInstance, request: FastifyRequest): Promise<string> {
  const chosen = (await optionsAt(app.db, request.revision)).get(request.viewer.id)?.start_page
  const pages = pagesOf(request).map(({ value }) => value)
  const own = (await pinnedReports(app.db, request)).length > 0 ? deskPath : null
  return [chosen, own, usualStart].find((page) => page && pages.includes(page)) ?? pages[0] ?? ownPage
}
