import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Permission } from '../permissions.ts'
import { referenceAt } from '../reference.ts'
import { listReport } from '../report/list-report.ts'
import { sendPdf } from '../report/send.ts'
import { text } from '../texts/index.ts'
import { showCount } from '../web/formatting.ts'
import type { SelectableList } from '../web/list.ts'
import { printView, sendFile } from '../web/list-routes.ts'
import { endingsOf } from '../web/list-view.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { listOf, pathOf } from './run-work.ts'
import { findSelection, selectedList } from './selection.ts'

/** A selection on paper and as a file. */
export function outputRoutes(app: FastifyInstance, list: SelectableList) {
  const { path, permissions, selection } = list
  const allowing = (permission: Permission) => ({ config: { permission }, schema: { params: idParams } })
  const selected = async (request: FastifyRequest<IdParams>) => {
    const reference = await referenceAt(app.db, request.revision)
    const chosen = await findSelection(app.db, list, request.params.id, request.user?.id as number)
    return { chosen, reference, ...selectedList(chosen, list, { reference, viewer: request.viewer }) }
  }

  if (permissions.print) {
    app.get<IdParams>(`${path}/selections/:id/print`, allowing(permissions.print), async (request, reply) => {
      const { chosen, list, query, reference } = await selected(request)
      const view = await printView(app.db, request, list, query, reference, listOf(chosen))
      return reply.page('shared/print', { ...view, pdfHref: pathOf(chosen, 'print.pdf') })
    })
    app.get<IdParams>(
      `${path}/selections/:id/print.pdf`,
      { ...allowing(permissions.print), compress: false },
      async (request, reply) => {
        const { list, query, reference } = await selected(request)
        return sendPdf(app, request, reply, listReport(await printView(app.db, request, list, query, reference)))
      },
    )
  }

  if (!permissions.export) return
  const exporting = allowing(permissions.export)
  app.get<IdParams>(`${path}/selections/:id/export`, exporting, async (request, reply) => {
    const { chosen } = await selected(request)
    const files = endingsOf(list).map((ending) => ({
      href: pathOf(chosen, `export.${ending}`),
      label: text.common.exportAs(ending),
    }))
    return reply.page('kernel/selections/export', {
      title: text.selections.export(selection.noun),
      count: text.selections.exportText(showCount(chosen.row_count), selection.noun),
      files,
      backHref: listOf(chosen),
    })
  })

  for (const ending of endingsOf(list))
    app.get<IdParams>(
      `${path}/selections/:id/export.${ending}`,
      { ...exporting, compress: false },
      async (request, reply) => {
        const { chosen, ...rest } = await selected(request)
        const from = { path, query: chosen.query, selection: chosen.id }
        return sendFile(app, request, reply, { ...rest, ending }, from)
      },
    )
}
