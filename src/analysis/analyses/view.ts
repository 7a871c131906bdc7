import type { FastifyRequest } from 'fastify'
import type { Permission } from '../../kernel/permissions.ts'
import { barChart } from '../../kernel/report/chart.ts'
import { formatColumn } from '../../kernel/report/figures.ts'
import { paperSlices } from '../../kernel/report/paper-slices.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { savedLinks } from '../saved-reports/links.ts'
import { analysisAddress } from './asking.ts'
import { bandsOf, cellsOf } from './bands.ts'
import { conditionTexts, conditionViews } from './condition-views.ts'
import { type Conditions, inPeriod } from './conditions.ts'
import type { Asked, Cell, Result } from './result.ts'
import { type Analysis, open, type Source, sourcesFor } from './sources.ts'

/** The head and the conditions of the page; all there is while a condition is wrong. */
export function formPage({ viewer }: FastifyRequest, { analysis, conditions, reference }: Asked) {
  const { source } = conditions
  const clearHref = analysis.path
  const isAsked = analysisAddress(clearHref, conditions) !== clearHref || conditions.errors.length > 0
  return {
    title: analysis.title,
    path: clearHref,
    ...conditionViews(analysis, conditions, reference),
    errors: conditions.errors,
    clearHref: isAsked ? clearHref : null,
    sources: sourceViews(sourcesFor(viewer), source, viewer),
    others: open(source.analyses, viewer).map((one) => ({
      label: one.title,
      href: analysisAddress(one.path, besides(conditions, one), one === analysis ? {} : { cross: null, compare: null }),
      isCurrent: one === analysis,
    })),
  }
}

/** What holds for another analysis too; days that are about something else do not. */
const besides = (conditions: Conditions, { day }: Analysis): Conditions =>
  day === conditions.day ? conditions : { ...inPeriod(conditions, {}), period: undefined }

/** What else this person may count, where there is more than one. */
const sourceViews = (sources: Source[], current: Source, viewer: Viewer) =>
  sources.length < 2
    ? []
    : sources.flatMap((source) => {
        const [first] = open(source.analyses, viewer)
        return first ? [{ label: source.label, href: first.path, isCurrent: source === current }] : []
      })

const chartId = 'analysis-chart'

/** The whole page; numbers lead to the records behind them where the person may see the list. */
export async function resultPage(request: FastifyRequest, asked: Asked, result: Result) {
  const { app, analysis, conditions, reference } = asked
  const { source } = conditions
  const form = formPage(request, asked)
  const saved = await savedLinks(app.db, request, analysis, conditions)
  const canPrint = request.can('analysis.print')
  const isListed = request.can(source.list.permissions.view as Permission)
  const shown = isListed ? result : withoutLinks(result)
  const chart = shown.chart && (await barChart({ ...shown.chart, id: chartId }))
  const to = (ending: string) => analysisAddress(`${analysis.path}.${ending}`, conditions)
  const { none, nothingFound } = text.analysis
  return {
    ...form,
    saved,
    canPrint,
    pdfHref: canPrint ? to('pdf') : null,
    xlsxHref: request.can('analysis.export') ? to('xlsx') : null,
    facts: conditionTexts(conditions, reference),
    madeAt: showInstant(new Date()),
    blocks: { chart },
    slices: chart ? paperSlices(chart) : [],
    chartId,
    ...(shown.lines.length > 0 ? tableViews(analysis, conditions, shown) : { table: null, bands: [] }),
    emptyText: (form.clearHref ? nothingFound : none)(source.label),
  }
}

function withoutLinks({ columns, lines, total, chart }: Result): Result {
  const bare = (cells: Cell[]) => cells.map(({ value }) => ({ value }))
  const bars = chart?.bars.map(({ href: _, partHrefs: __, ...bar }) => bar) ?? []
  return {
    columns,
    lines: lines.map((line) => ({ ...line, cells: bare(line.cells) })),
    total: bare(total),
    chart: chart && { ...chart, bars },
  }
}

/** The table on the screen, and in parts for paper where it is too wide for it. */
function tableViews(analysis: Analysis, conditions: Conditions, result: Result) {
  const table = tableView(analysis, conditions, result)
  const bands = bandsOf(table.headings)
  if (bands.length === 1) return { table, bands: [] }
  const bare = (cells: { text: string }[]) => cells.map(({ text }) => ({ text }))
  const views = bands.map((band, at) => ({
    caption: text.analysis.band(at + 1, bands.length),
    headings: cellsOf(table.headings, band),
    lines: table.lines.map(({ cells }) => ({ cells: bare(cellsOf(cells, band)) })),
    total: bare(cellsOf(table.total, band)),
  }))
  return { table, bands: views }
}

function tableView(analysis: Analysis, conditions: Conditions, { columns, lines, total }: Result) {
  const rows = [...lines.map(({ cells }) => cells), total]
  const texts = columns.map(({ kind, places }, at) =>
    formatColumn(
      kind,
      rows.map((cells) => cells[at]?.value),
      places,
    ),
  )
  const written = rows.map((cells, row) =>
    cells.map(({ href }, at) => ({ text: texts[at]?.[row] ?? '', href: href ?? null })),
  )
  return {
    headings: columns.map(({ label, kind }) => ({ label, isNumber: kind !== 'text' })),
    lines: lines.map(({ deeper }, row) => ({
      cells: written[row] ?? [],
      deeperHref: deeper ? analysisAddress(analysis.path, conditions, deeper) : null,
    })),
    total: written.at(-1) ?? [],
  }
}
