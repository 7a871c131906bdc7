import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recordEvent } from '../history.ts'
import { referenceAt } from '../reference.ts'
import { writeCsv } from '../spreadsheets/write-csv.ts'
import { writeXlsx } from '../spreadsheets/write-xlsx.ts'
import { text } from '../texts/index.ts'
import type { List } from './list.ts'
import { countUpTo, filtered, listPage } from './list-page.ts'
import { listAddress, readListQuery } from './list-query.ts'
import { listView, totalText } from './list-view.ts'
import { exportRows, printLimit, printRows } from './list-walk.ts'
import { showInstant } from './show.ts'

/** The page, the print view and the spreadsheets of a declared list. */
export function listRoutes(app: FastifyInstance, list: List, view = 'shared/list') {
  const { path, permissions } = list
  app.get(path, { config: { permission: permissions.view } }, async (request, reply) => {
    const { reference, query } = await asked(app, list, request)
    const page = await listPage(app.db, list, query)
    if (request.headers['hx-request']) reply.header('hx-push-url', listAddress(list.path, query))
    return reply.page(view, { title: list.title, q: query.q, list: listView(request, list, query, page, reference) })
  })
  if (permissions.print) printRoute(app, list, permissions.print)
  if (permissions.export)
    for (const ending of ['xlsx', 'csv'] as const) exportRoute(app, list, ending, permissions.export)
}

async function asked(app: FastifyInstance, list: List, request: FastifyRequest) {
  const reference = await referenceAt(app.db, request.revision)
  return { reference, query: readListQuery(list, request.query as Record<string, unknown>, reference) }
}

type Permission = NonNullable<List['permissions']['print']>

function printRoute(app: FastifyInstance, list: List, permission: Permission) {
  app.get(`${list.path}/print`, { config: { permission } }, async (request, reply) => {
    const { reference, query } = await asked(app, list, request)
    const page = await listPage(app.db, list, query)
    const { filters, search, clearHref, columns } = listView(request, list, query, page, reference)
    const rows = await printRows(app.db, list, query, reference)
    await recordEvent(app.db, request.actor, { action: 'print', record_type: list.table, record_name: request.url })
    return reply.page('shared/print', {
      title: list.title,
      conditions: conditionsOf(filters, search?.value ?? ''),
      columns,
      rows,
      backHref: clearHref,
      totalText: totalText(page),
      note: page.total > printLimit ? text.list.printLimit(printLimit) : null,
      madeAt: showInstant(new Date()),
    })
  })
}

function exportRoute(app: FastifyInstance, list: List, ending: 'xlsx' | 'csv', permission: Permission) {
  app.get(`${list.path}.${ending}`, { config: { permission }, compress: false }, async (request, reply) => {
    const { reference, query } = await asked(app, list, request)
    const columns = list.columns.map(({ label, kind }) => ({ label, kind }))
    const rows = exportRows(app.db, list, query, reference)
    const { total, isCapped } = await countUpTo(app.db, filtered(app.db, list, query), list.table)
    await recordEvent(app.db, request.actor, {
      action: 'export',
      record_type: list.table,
      record_name: `${total}${isCapped ? '+' : ''} ${request.url}`,
    })
    const name = encodeURIComponent(`${list.title}.${ending}`)
    reply.header('content-disposition', `attachment; filename="${list.table}.${ending}"; filename*=UTF-8''${name}`)
    reply.header('cache-control', 'no-store')
    if (ending === 'csv') return reply.type('text/csv; charset=utf-8').send(writeCsv(columns, rows))
    return reply
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .send(writeXlsx(columns, rows, list.title))
  })
}

type FilterView = ReturnType<typeof listView>['filters'][number]

/** The filters that are set, as a person reads them. */
function conditionsOf(filters: FilterView[], q: string) {
  const set = filters
    .map((filter) => ({ label: filter.label, value: conditionText(filter) }))
    .filter(({ value }) => value !== '')
  return q ? [{ label: text.list.search, value: q }, ...set] : set
}

function conditionText({ from, to, options, value = '' }: FilterView) {
  if (from && to) return from.value || to.value ? `${from.value} – ${to.value}` : ''
  return options ? (options.find((option) => option.isSelected)?.label ?? '') : value
}
