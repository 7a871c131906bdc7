import type { FastifyInstance, FastifyRequest } from 'fastify'
import { optionsAt } from '../../kernel/web/person-options.ts'
import { deskPath } from '../../office/workbench/path.ts'

/** The pages a person may begin with: all of the side bar. */
export const pagesOf = (request: FastifyRequest) =>
  request.server.menuOf(request).flatMap(({ entries }) => entries.map(({ href, label }) => ({ value: href, label })))

/** Where a person begins: the page chosen, as long as it may be opened, else the workbench. */
export async function startPageOf(app: FastifyInstance, request: FastifyRequest): Promise<string> {
  const chosen = (await optionsAt(app.db, request.revision)).get(request.viewer.id)?.start_page
  return pagesOf(request).find(({ value }) => value === chosen)?.value ?? deskPath
}
