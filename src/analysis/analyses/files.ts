import type { FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { keptAside, madeFor } from '../../kernel/made-files/keeping.ts'
import type { Report, ReportTable } from '../../kernel/report/pdf.ts'
import { sendPdf } from '../../kernel/report/send.ts'
import { writeXlsx } from '../../kernel/spreadsheets/write-xlsx.ts'
import { datedName } from '../../kernel/web/dated-name.ts'
import { attachment } from '../../kernel/web/list-export.ts'
import { namedFor } from '../../kernel/web/list-words.ts'
import { text } from '../../texts/index.ts'
import { bandsOf, cellsOf } from './bands.ts'
import { conditionTexts } from './condition-views.ts'
import type { Asked, Cell, Result } from './result.ts'
import { keptName } from './sources.ts'

const valuesOf = (cells: Cell[]) => cells.map(({ value }) => value)

/** A result as a report on A4; the chart and the table are those of the page. */
export async function sendAnalysisPdf(
  { app, analysis, conditions, reference }: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
  result: Result,
) {
  const { columns, lines, total, chart } = result
  const table = {
    columns,
    rows: lines.map(({ cells }) => valuesOf(cells)),
    ...(lines.length > 0 && { total: valuesOf(total) }),
  }
  const said = conditionTexts(conditions, reference)
  const record_name = namedFor(analysis.title, said)
  await recordEvent(app.db, request.actor, { action: 'print', record_type: 'analysis', record_name })
  return sendPdf(app, request, reply, {
    title: analysis.title,
    conditions: said,
    isWide: columns.length > 9,
    chart,
    ...onPaper(table),
  })
}

/** A table that is wider than paper goes on below itself, its first column again at the left. */
function onPaper(table: ReportTable): Pick<Report, 'table' | 'sections'> {
  const bands = bandsOf(table.columns)
  if (bands.length === 1) return { table }
  const sections = bands.map((band, at) => ({
    title: text.analysis.band(at + 1, bands.length),
    table: {
      columns: cellsOf(table.columns, band),
      rows: table.rows.map((cells) => cellsOf(cells, band)),
      ...(table.total && { total: cellsOf(table.total, band) }),
    },
  }))
  return { sections }
}

/** The same as a workbook. */
export async function sendAnalysisXlsx(
  { app, analysis, conditions, reference }: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
  { columns, lines, total }: Result,
) {
  const sheet = columns.map(({ label, kind }) => ({
    label: kind === 'share' ? text.analysis.percent(label) : label,
    kind: kind === 'text' ? ('text' as const) : ('number' as const),
  }))
  const rows = [...lines.map(({ cells }) => cells), ...(lines.length > 0 ? [total] : [])].map((cells) =>
    cells.map(({ value }, at) => (columns[at]?.kind === 'share' ? percent(value) : value)),
  )
  const record_name = namedFor(`${analysis.title}.xlsx`, conditionTexts(conditions, reference))
  await recordEvent(app.db, request.actor, { action: 'export', record_type: 'analysis', record_name })
  const name = datedName(analysis.title, 'xlsx')
  return reply
    .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    .header('content-disposition', attachment(`${keptName(analysis).replace('/', '-')}.xlsx`, name))
    .header('cache-control', 'no-store')
    .send(keptAside(app, madeFor(request, name), writeXlsx(sheet, rows, analysis.title)))
}

/** Parts of 1 as percent, of which the heading speaks. */
const percent = (value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 10 : value)
