import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { text } from '../../texts/index.ts'
import { recordEvent } from '../history/history.ts'
import { viewLinks } from '../list-views/links.ts'
import { askForExport, type ExportSource } from '../made-files/asking.ts'
import { keptAside, madeFor } from '../made-files/keeping.ts'
import type { Reference } from '../reference.ts'
import { listReport } from '../report/list-report.ts'
import { sendPdf } from '../report/send.ts'
import type { Access, AccessOf } from './access.ts'
import { showInstant } from './formatting.ts'
import type { List, ListQuery } from './list.ts'
import { adjustedAddress } from './list-adjust.ts'
import { asked, understood } from './list-asked.ts'
import { paperColumns } from './list-columns.ts'
import { attachment, type Exported, exportStream, fileNameOf, refuseTooLong, takesLong, typeOf } from './list-export.ts'
import { listPage } from './list-page.ts'
import { listAddress } from './list-query.ts'
import { endingsOf, listView, totalText } from './list-view.ts'
import { listConditions, namedFor } from './list-words.ts'
import { boxOver } from './page.ts'
import { printLimit, printRows } from './row-stream.ts'

/** Lists at one address: which of them a request is about, and the rights there. */
export type ListPlace = {
  path: string
  of(request: FastifyRequest): List
  permissions: { view: Right; orView?: List['permissions']['orView']; print?: Right; export?: Right }
  endings: string[]
}
type Right = Access | AccessOf

const placeOf = (list: List): ListPlace => ({
  path: list.path,
  of: () => list,
  permissions: list.permissions,
  endings: endingsOf(list),
})

/** The page, the print view and the spreadsheets of a declared list, or of those at one address. */
export function listRoutes(app: FastifyInstance, of: List | ListPlace, view = 'shared/list') {
  const place = 'table' in of ? placeOf(of) : of
  const config = { permission: place.permissions.view, otherPermissions: place.permissions.orView }
  app.get(place.path, { config }, async (request, reply) => {
    const list = place.of(request)
    const { reference, query, isLookedUp } = await asked(app, list, request)
    const isRefused = query.unread && query.unread.length > 0
    const adjusted =
      adjustedAddress(list, query, request.query as Record<string, unknown>, reference) ??
      (isLookedUp && !isRefused ? listAddress(list.path, query) : undefined)
    if (adjusted) return reply.redirect(adjusted, 303)
    if (isRefused) reply.code(422)
    const page = isRefused ? nothingFound : await listPage(app.db, list, query)
    if (request.headers['hx-request']) reply.header('hx-push-url', listAddress(list.path, query))
    const views = list.isAdjustable ? await viewLinks(app.db, request, list, query) : null
    return reply.page(view, {
      title: list.title,
      box: list.search ? boxOver(list.search.placeholder, query.q) : null,
      list: { ...listView(request, list, query, page, reference), views },
    })
  })
  if (place.permissions.print) printRoute(app, place, place.permissions.print)
  if (place.permissions.export)
    for (const ending of place.endings) exportRoute(app, place, ending, place.permissions.export)
}

const nothingFound = { rows: [], total: 0, isCapped: false, page: 1, pages: 1 }

function printRoute(app: FastifyInstance, { path, of }: ListPlace, permission: Right) {
  app.get(`${path}/print`, { config: { permission } }, async (request, reply) => {
    const list = of(request)
    const { reference, query } = await understood(app, list, request)
    const pdfHref = listAddress(`${list.path}/print.pdf`, query)
    return reply.page('shared/print', { ...(await printView(app.db, request, list, query, reference)), pdfHref })
  })
  app.get(`${path}/print.pdf`, { config: { permission }, compress: false }, async (request, reply) => {
    const list = of(request)
    const { reference, query } = await understood(app, list, request)
    return sendPdf(app, request, reply, listReport(await printView(app.db, request, list, query, reference)))
  })
}

/** What a list is asked for, on paper, as views/shared/print.eta wants it; noted down as printed. */
export async function printView(
  db: Knex,
  request: FastifyRequest,
  list: List,
  query: ListQuery,
  reference: Reference,
  backHref = listAddress(list.path, query),
) {
  const page = await listPage(db, list, query)
  const conditions = listConditions(list, query, reference)
  const rows = await printRows(db, list, query, reference)
  await recordEvent(db, request.actor, {
    action: 'print',
    record_type: list.table,
    record_name: namedFor(list.title, conditions),
  })
  return {
    title: list.title,
    conditions,
    columns: paperColumns(list, query).map(({ label, align }) => ({ label, align })),
    rows,
    backHref,
    totalText: totalText(page),
    note: page.total > printLimit ? text.list.printLimit(printLimit) : null,
    madeAt: showInstant(new Date()),
  }
}

function exportRoute(app: FastifyInstance, { path, of }: ListPlace, ending: string, permission: Right) {
  app.get(`${path}.${ending}`, { config: { permission }, compress: false }, async (request, reply) => {
    const list = of(request)
    const { reference, query } = await understood(app, list, request)
    const from = { path: list.path, query: queryIn(request.url) }
    return sendFile(app, request, reply, { list, query, reference, ending }, from)
  })
}

/** What a list is asked for, as a file: at once, or as long work where it takes long. Refuses a workbook that is too long. */
export async function sendFile(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  exported: Exported,
  from: ExportSource,
) {
  await refuseTooLong(app.db, exported)
  if (await takesLong(app.db, exported)) {
    const job = await askForExport(app.db, request, exported, from)
    app.wakeJobs()
    return reply.redirect(`/jobs/${job}`, 303)
  }
  const { list, ending } = exported
  const name = fileNameOf(exported)
  const content = exportStream(app.db, exported, { actor: request.actor })
  return reply
    .header('content-disposition', attachment(`${list.table}.${ending}`, name))
    .header('cache-control', 'no-store')
    .type(typeOf(exported))
    .send(keptAside(app, madeFor(request, name), content))
}

const queryIn = (url: string) => url.split('?')[1] ?? ''
