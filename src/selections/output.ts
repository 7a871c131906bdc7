import type { FastifyInstance, FastifyRequest } from 'fastify'
import { referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { printView, sendFile } from '../web/list-routes.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { showCount } from '../web/show.ts'
import { listOf } from './back.ts'
import { findSelection, selectedList } from './selection.ts'

/** A selection on paper and as a file. */
export function outputRoutes(app: FastifyInstance) {
  const printing = { config: { permission: 'customers.print' as const }, schema: { params: idParams } }
  const exporting = { config: { permission: 'customers.export' as const }, schema: { params: idParams } }
  const selected = async (request: FastifyRequest<IdParams>) => {
    const reference = await referenceAt(app.db, request.revision)
    const selection = await findSelection(app.db, request.params.id, request.user?.id as number)
    return { selection, reference, ...selectedList(selection, reference) }
  }

  app.get<IdParams>('/customers/selections/:id/print', printing, async (request, reply) => {
    const { selection, list, query, reference } = await selected(request)
    const view = await printView(app.db, request, list, query, reference, listOf(selection))
    return reply.page('shared/print', view)
  })

  app.get<IdParams>('/customers/selections/:id/export', exporting, async (request, reply) => {
    const { selection } = await selected(request)
    const files = ['xlsx', 'csv'].map((ending) => ({
      href: `/customers/selections/${selection.id}/export.${ending}`,
      label: text.common.exportAs(ending),
    }))
    const count = text.selections.exportText(showCount(selection.row_count))
    return reply.page('selections/export', { title: text.selections.export, count, files, backHref: listOf(selection) })
  })

  for (const ending of ['xlsx', 'csv'] as const)
    app.get<IdParams>(
      `/customers/selections/:id/export.${ending}`,
      { ...exporting, compress: false },
      async (request, reply) => sendFile(app.db, request, reply, { ...(await selected(request)), ending }),
    )
}
