import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../history.ts'
import { headOf } from '../report/head.ts'
import { writeXlsx } from '../spreadsheets/write-xlsx.ts'
import { text } from '../texts/index.ts'
import type { Analysis } from './analyses.ts'
import { conditionTexts } from './condition-views.ts'
import type { Asked, Cell, Result } from './result.ts'

const valuesOf = (cells: Cell[]) => cells.map(({ value }) => value)

/** A result as a report on A4; the chart and the table are those of the page. */
export async function analysisPdf(app: FastifyInstance, request: FastifyRequest, asked: Asked, result: Result) {
  const { analysis, conditions, reference } = asked
  const { columns, lines, total, chart } = result
  const table = {
    columns,
    rows: lines.map(({ cells }) => valuesOf(cells)),
    ...(lines.length > 0 && { total: valuesOf(total) }),
  }
  const pdf = await app.aside('pdf', {
    ...(await headOf(app, request)),
    title: analysis.title,
    conditions: conditionTexts(conditions, reference),
    isWide: columns.length > 9,
    chart,
    table,
  })
  await recordEvent(app.db, request.actor, { action: 'print', record_type: 'analysis', record_name: request.url })
  return Buffer.from(pdf)
}

/** The same as a workbook. */
export async function analysisXlsx(app: FastifyInstance, request: FastifyRequest, { analysis }: Asked, result: Result) {
  const { columns, lines, total } = result
  const sheet = columns.map(({ label, kind }) => ({
    label: kind === 'share' ? text.analysis.percent(label) : label,
    kind: kind === 'text' ? ('text' as const) : ('number' as const),
  }))
  const rows = [...lines.map(({ cells }) => cells), ...(lines.length > 0 ? [total] : [])]
  await recordEvent(app.db, request.actor, { action: 'export', record_type: 'analysis', record_name: request.url })
  return writeXlsx(
    sheet,
    rows.map((cells) => cells.map(({ value }, at) => (columns[at]?.kind === 'share' ? percent(value) : value))),
    analysis.title,
  )
}

/** Parts of 1 as percent, of which the heading speaks. */
const percent = (value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 10 : value)

/** Shown in the browser or kept, under the title. */
export const fileHeaders = (reply: FastifyReply, { name, title }: Analysis, ending: 'pdf' | 'xlsx') =>
  reply
    .type(ending === 'pdf' ? 'application/pdf' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    .header(
      'content-disposition',
      `${ending === 'pdf' ? 'inline' : 'attachment'}; filename="${name}.${ending}"; filename*=UTF-8''${encodeURIComponent(title)}.${ending}`,
    )
    .header('cache-control', 'no-store')
