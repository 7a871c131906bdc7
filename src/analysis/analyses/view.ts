import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Reference } from '../../kernel/reference.ts'
import { barChart } from '../../kernel/report/chart.ts'
import { formatColumn } from '../../kernel/report/figures.ts'
import { paperSlices } from '../../kernel/report/paper-slices.ts'
import { text } from '../../kernel/texts/index.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { savedLinks } from '../saved-reports/links.ts'
import { type Analysis, addressOf, allAnalyses } from './analyses.ts'
import { bandsOf, cellsOf } from './bands.ts'
import { conditionTexts, conditionViews } from './condition-views.ts'
import { analysisAddress, type Conditions } from './conditions.ts'
import type { Cell, Result } from './result.ts'

/** The head and the conditions of the page; all there is while a condition is wrong. */
export function formPage(analysis: Analysis, conditions: Conditions, reference: Reference) {
  const clearHref = addressOf(analysis)
  const isAsked = analysisAddress(clearHref, conditions) !== clearHref || conditions.errors.length > 0
  return {
    title: analysis.title,
    path: clearHref,
    ...conditionViews(analysis, conditions, reference),
    errors: conditions.errors,
    clearHref: isAsked ? clearHref : null,
    others: allAnalyses.map((one) => ({
      label: one.title,
      href: analysisAddress(addressOf(one), conditions, one === analysis ? {} : { cross: null, compare: null }),
      isCurrent: one === analysis,
    })),
  }
}

const chartId = 'analysis-chart'

/** The whole page; numbers lead to the customers behind them where the person may see the list. */
export async function resultPage(
  db: Knex,
  request: FastifyRequest,
  analysis: Analysis,
  conditions: Conditions,
  reference: Reference,
  result: Result,
) {
  const form = formPage(analysis, conditions, reference)
  const saved = await savedLinks(db, request, analysis, conditions)
  const canPrint = request.can('analysis.print')
  const isListed = request.can('customers.view')
  const shown = isListed ? result : withoutLinks(result)
  const chart = shown.chart && (await barChart({ ...shown.chart, id: chartId }))
  const to = (ending: string) => analysisAddress(`${addressOf(analysis)}.${ending}`, conditions)
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
    emptyText: form.clearHref ? text.analysis.nothingFound : text.analysis.noCustomers,
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
  const texts = columns.map(({ kind }, at) =>
    formatColumn(
      kind,
      rows.map((cells) => cells[at]?.value),
    ),
  )
  const written = rows.map((cells, row) =>
    cells.map(({ href }, at) => ({ text: texts[at]?.[row] ?? '', href: href ?? null })),
  )
  return {
    headings: columns.map(({ label, kind }) => ({ label, isNumber: kind !== 'text' })),
    lines: lines.map(({ deeper }, row) => ({
      cells: written[row] ?? [],
      deeperHref: deeper ? analysisAddress(addressOf(analysis), conditions, deeper) : null,
    })),
    total: written.at(-1) ?? [],
  }
}
