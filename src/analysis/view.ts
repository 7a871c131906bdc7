import type { FastifyRequest } from 'fastify'
import type { Reference } from '../reference.ts'
import { formatColumn } from '../report/figures.ts'
import { text } from '../texts/index.ts'
import { listAddress } from '../web/list-query.ts'
import { showInstant } from '../web/show.ts'
import { type Analysis, addressOf } from './analyses.ts'
import { type Conditions, conditionTexts, conditionViews, listQueryOf } from './conditions.ts'
import { chartOf, type Line, lineHref, type Result, tableOf } from './result.ts'

/** The head and the conditions of the page; all there is while a condition is wrong. */
export function formPage(analysis: Analysis, conditions: Conditions, reference: Reference) {
  const clearHref = addressOf(analysis)
  return {
    title: analysis.title,
    path: clearHref,
    filters: conditionViews(conditions, reference),
    errors: conditions.errors,
    clearHref: Object.keys(conditions.filters).length > 0 || conditions.errors.length > 0 ? clearHref : null,
  }
}

/** The whole page; numbers lead to the customers behind them where the person may see the list. */
export async function resultPage(
  request: FastifyRequest,
  analysis: Analysis,
  conditions: Conditions,
  reference: Reference,
  result: Result,
) {
  const form = formPage(analysis, conditions, reference)
  const canPrint = request.can('analysis.print')
  const hrefOf = (line: Line) => (request.can('customers.view') ? lineHref(analysis, line, conditions) : null)
  return {
    ...form,
    canPrint,
    pdfHref: canPrint ? listAddress(`${addressOf(analysis)}.pdf`, listQueryOf(conditions)) : null,
    facts: conditionTexts(conditions, reference),
    madeAt: showInstant(new Date()),
    blocks: { chart: await chartOf(analysis, result, hrefOf) },
    table: result.total > 0 ? tableView(analysis, result, hrefOf) : null,
    emptyText: form.clearHref ? text.analysis.nothingFound : text.analysis.noCustomers,
  }
}

function tableView(analysis: Analysis, result: Result, hrefOf: (line: Line) => string | null) {
  const { columns, rows, total = [] } = tableOf(analysis, result)
  const [labels = [], counts = [], shares = []] = columns.map(({ kind }, at) =>
    formatColumn(
      kind,
      [...rows, total].map((row) => row[at]),
    ),
  )
  const written = labels.map((label, at) => ({ label, count: counts[at], share: shares[at] }))
  return {
    headings: columns.map(({ label, kind }) => ({ label, isNumber: kind !== 'text' })),
    lines: result.lines.map((line, at) => ({ ...written[at], href: hrefOf(line) })),
    total: written.at(-1),
  }
}
