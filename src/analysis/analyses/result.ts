import type { FastifyInstance } from 'fastify'
import type { Reference } from '../../kernel/reference.ts'
import type { BarChart } from '../../kernel/report/chart.ts'
import type { ReportColumn } from '../../kernel/report/pdf.ts'
import { text } from '../../texts/index.ts'
import { listBehind } from './asking.ts'
import type { Conditions } from './conditions.ts'
import type { Choice, Dimension } from './dimension.ts'
import type { Analysis, Counts } from './sources.ts'

/** One cell of a table; `href` opens the records it counts. */
export type Cell = { value: unknown; href?: string | null }
export type Line = { cells: Cell[]; deeper?: Choice['deeper'] }
/** What page, PDF and workbook show alike; nothing was counted where there are no lines. */
export type Result = { columns: ResultColumn[]; lines: Line[]; total: Cell[]; chart: BarChart | null }
/** `isMeasure`: what is asked for, counted or added up (measure.ts). */
export type ResultColumn = ReportColumn & { isMeasure?: boolean }

/** What a result is made of. */
export type Asked = {
  app: FastifyInstance
  analysis: Analysis
  conditions: Conditions
  reference: Reference
  revision: number
}

export const chartSize = { width: 720, height: 300, unit: text.analysis.unit }

/** What the figures are called: how many, or the field that is added up. */
export const measureLabel = ({ source, sum }: Conditions) =>
  sum ? text.analysis.sumOf(sum.label) : text.analysis.countLabel(source.label)

/** Nothing to show; what is added up may be nothing where there is much. */
export const isNothing = ({ sum }: Conditions, total: number) => total === 0 && !sum
export const emptyResult: Omit<Result, 'columns'> = { lines: [], total: [], chart: null }
export const countColumn = (label: string): ResultColumn => ({ label, kind: 'number' })
export const measured = (label: string): ResultColumn => ({ label, kind: 'number', isMeasure: true })
export const shared = (label: string): ResultColumn => ({ label, kind: 'share' })

/** The records of each choice, and those without one. */
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
  isUsed = ({ count }: Counted) => count !== 0,
) {
  const isKept = (one: Counted) =>
    isUsed(one) || (!isSparse && one.choice !== unfilled && one.choice.isActive !== false)
  const kept = counts.filter(isKept)
  const last = (one: Counted) => Number(one.choice === unfilled)
  return isSparse ? kept.toSorted((a, b) => last(a) - last(b) || b.count - a.count) : kept
}

export const drillDown = (conditions: Conditions, { behind }: Choice): string => listBehind(conditions, behind)
