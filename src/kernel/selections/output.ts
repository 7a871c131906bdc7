import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { referenceAt } from '../reference.ts'
import { listReport } from '../report/list-report.ts'
import { sendPdf } from '../report/send.ts'
import type { Access, AccessOf } from '../web/access.ts'
import { showCount } from '../web/formatting.ts'
import { printView, sendFile } from '../web/list-routes.ts'
import { type IdParams, idParams } from '../web/params.ts'
import type { SelectionPlace } from './place.ts'
import { listOf, pathOf } from './run-work.ts'
import { findSelection, selectedList } from './selection.ts'

/** A selection on paper and as a file. */
export function outputRoutes(app: FastifyInstance, { path, of, right, endings }: SelectionPlace) {
  const allowing = (permission: Access | AccessOf) => ({ config: { permission }, schema: { params: idParams } })
  const selected = async (request: FastifyRequest<IdParams>) => {
    const list = of(request)
    const chosen = await findSelection(app.db, list, request.params.id, request.user?.id as number)
    const reference = await referenceAt(app.db, request.revision)
    return { chosen, reference, ...selectedList(chosen, list, { reference, viewer: request.viewer }) }
  }

  const printing = right('print')
  if (printing) {
    app.get<IdParams>(`${path}/selections/:id/print`, allowing(printing), async (request, reply) => {
      const { chosen, list, query, reference } = await selected(request)
      const view = await printView(app.db, request, list, query, reference, listOf(chosen))
      return reply.page('shared/print', { ...view, pdfHref: pathOf(chosen, 'print.pdf') })
    })
    app.get<IdParams>(
      `${path}/selections/:id/print.pdf`,
      { ...allowing(printing), compress: false },
      async (request, reply) => {
        const { list, query, reference } = await selected(request)
        return sendPdf(app, request, reply, listReport(await printView(app.db, request, list, query, reference)))
      },
    )
  }

  const exporting = right('export')
  if (!exporting) return
  app.get<IdParams>(`${path}/selections/:id/export`, allowing(exporting), async (request, reply) => {
    const { noun } = of(request).selection
    const { chosen } = await selected(request)
    const files = endings.map((ending) => ({
      href: pathOf(chosen, `export.${ending}`),
      label: text.common.exportAs(ending),
    }))
    return reply.page('kernel/selections/export', {
      title: text.selections.export(noun),
      count: text.selections.exportText(showCount(chosen.row_count), noun),
      files,
      backHref: listOf(chosen),
    })
  })

  for (const ending of endings)
    app.get<IdParams>(
      `${path}/selections/:id/export.${ending}`,
      { ...allowing(exporting), compress: false },
      async (request, reply) => {
        const { chosen, ...rest } = await selected(request)
        const from = { path: chosen.list, query: chosen.query, selection: chosen.id }
        return sendFile(app, request, reply, { ...rest, ending }, from)
      },
    )
}
