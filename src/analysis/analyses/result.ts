import type { FastifyInstance } from 'fastify'
import type { Reference } from '../../kernel/reference.ts'
import type { BarChart } from '../../kernel/report/chart.ts'
import type { ReportColumn } from '../../kernel/report/pdf.ts'
import { text } from '../../kernel/texts/index.ts'
import type { Analysis } from './analyses.ts'
import { comparison } from './comparison.ts'
import type { Conditions } from './conditions.ts'
import { listBehind } from './conditions.ts'
import type { Counts } from './counts.ts'
import { counting } from './counts.ts'
import { crossing } from './crossing.ts'
import { type Choice, type Dimension, dimensionOf, keysOf } from './dimension.ts'
import { growing } from './growing.ts'
import { sharesOf } from './shares.ts'

/** One cell of a table; `href` opens the customers it counts. */
export type Cell = { value: unknown; href?: string | null }
export type Line = { cells: Cell[]; deeper?: Choice['deeper'] }
/** What page, PDF and workbook show alike; nothing was counted where there are no lines. */
export type Result = { columns: ReportColumn[]; lines: Line[]; total: Cell[]; chart: BarChart | null }

/** What a result is made of. */
export type Asked = { app: FastifyInstance; analysis: Analysis; conditions: Conditions; reference: Reference }

export const chartSize = { width: 720, height: 300, unit: text.analysis.unit }
export const nothing: Omit<Result, 'columns'> = { lines: [], total: [], chart: null }
export const counted = (label: string): ReportColumn => ({ label, kind: 'number' })
export const shared = (label: string): ReportColumn => ({ label, kind: 'share' })

/** The figures of an analysis, in the way that is asked for. */
export function analyse(asked: Asked): Promise<Result> {
  const { analysis, conditions } = asked
  if (analysis.way === 'growth') return growing(asked)
  if (conditions.cross && conditions.cross !== analysis.name) return crossing(asked, conditions.cross)
  return conditions.compare ? comparison(asked) : single(asked)
}

/** The customers of each choice, and those without one. */
export function countsOf({ choices, unfilled }: Dimension, { total, countByValue }: Counts) {
  const counts = choices.map((choice) => ({
    choice,
    count: choice.keys.reduce((sum, key) => sum + (countByValue.get(key) ?? 0), 0),
  }))
  const rest = total - counts.reduce((sum, { count }) => sum + count, 0)
  return [...counts, { choice: unfilled, count: rest }]
}

type Counted = ReturnType<typeof countsOf>[number]

/** Which rows are worth showing: those in use or still to be chosen, in their order; of very many the used ones, most first. */
export function shownOf(
  { isSparse, unfilled }: Dimension,
  counts: Counted[],
  isUsed = ({ count }: Counted) => count > 0,
) {
  const isKept = (one: Counted) =>
    isUsed(one) || (!isSparse && one.choice !== unfilled && one.choice.isActive !== false)
  const kept = counts.filter(isKept)
  const last = (one: Counted) => Number(one.choice === unfilled)
  return isSparse ? kept.toSorted((a, b) => last(a) - last(b) || b.count - a.count) : kept
}

async function single({ app, analysis, conditions, reference }: Asked): Promise<Result> {
  const dimension = dimensionOf(analysis, conditions, reference)
  const counts = await counting(app, conditions).column(dimension.column, keysOf(dimension))
  const columns: ReportColumn[] = [
    { label: dimension.label, kind: 'text' },
    counted(text.analysis.customerCount),
    shared(text.analysis.share),
  ]
  if (counts.total === 0) return { columns, ...nothing }
  const rows = shownOf(dimension, countsOf(dimension, counts))
  const shares = sharesOf(rows.map(({ count }) => count))
  const lines = rows.map(({ choice, count }, at) => ({
    cells: [{ value: choice.label }, { value: count, href: behind(conditions, choice) }, { value: shares[at] ?? 0 }],
    deeper: choice.deeper,
  }))
  const bars = lines.map(({ cells: [label, figure] }) => ({
    label: String(label?.value),
    value: Number(figure?.value),
    href: figure?.href ?? undefined,
  }))
  const total = [{ value: text.analysis.total }, { value: counts.total, href: listBehind(conditions) }, { value: 1 }]
  const chart = { title: text.analysis.chartTitle(dimension.label), bars, ...chartSize }
  return { columns, lines, total, chart }
}

export const behind = (conditions: Conditions, { behind }: Choice): string => listBehind(conditions, behind)
