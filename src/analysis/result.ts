import type { Knex } from 'knex'
import type { Reference } from '../reference.ts'
import { barChart } from '../report/chart.ts'
import type { ReportTable } from '../report/pdf.ts'
import { text } from '../texts/index.ts'
import { listAddress } from '../web/list-query.ts'
import type { Analysis } from './analyses.ts'
import { type Conditions, listQueryOf } from './conditions.ts'
import { countBy } from './counts.ts'
import { sharesOf } from './shares.ts'

/** One row of an analysis; `value` is null for the customers that have none. Shares are parts of 1. */
export type Line = { label: string; value: string | null; count: number; share: number }
export type Result = { lines: Line[]; total: number }

/** The choices in their order: those in use or still to be chosen, then what was not filled in. */
export async function analyse(
  db: Knex,
  { filter }: Analysis,
  conditions: Conditions,
  reference: Reference,
): Promise<Result> {
  const options = filter.options(reference, {})
  const values = options.map(({ value }) => value)
  const { total, countByValue } = await countBy(db, filter.name, values, conditions)
  const counted = options
    .map(({ label, value, isActive }) => ({ label, value, isActive, count: countByValue.get(value) ?? 0 }))
    .filter(({ isActive, count }) => isActive !== false || count > 0)
  const unfilled = total - counted.reduce((sum, { count }) => sum + count, 0)
  const rows = unfilled > 0 ? [...counted, { label: text.analysis.unfilled, value: null, count: unfilled }] : counted
  const shares = sharesOf(rows.map(({ count }) => count))
  return { lines: rows.map(({ label, value, count }, at) => ({ label, value, count, share: shares[at] ?? 0 })), total }
}

/** The list of the customers behind a line; null where the list has no such filter. */
export const lineHref = ({ filter }: Analysis, { value }: Line, conditions: Conditions): string | null =>
  value === null ? null : listAddress('/customers', listQueryOf(conditions), { [filter.name]: value })

/** The chart of a result, the same for the page and the PDF; null when nobody was counted. */
export async function chartOf(
  { filter }: Analysis,
  { lines, total }: Result,
  hrefOf: (line: Line) => string | null,
): Promise<string | null> {
  if (total === 0) return null
  const bars = lines.map((line) => ({ label: line.label, value: line.count, href: hrefOf(line) ?? undefined }))
  const title = text.analysis.chartTitle(filter.label)
  return barChart({ title, bars, width: 720, height: 300, unit: text.analysis.unit })
}

/** The table of a result, without rows when nobody was counted. */
export function tableOf({ filter }: Analysis, { lines, total }: Result): ReportTable {
  const columns: ReportTable['columns'] = [
    { label: filter.label, kind: 'text' },
    { label: text.analysis.customerCount, kind: 'number' },
    { label: text.analysis.share, kind: 'share' },
  ]
  if (total === 0) return { columns, rows: [] }
  const rows = lines.map(({ label, count, share }) => [label, count, share])
  return { columns, rows, total: [text.analysis.total, total, 1] }
}
