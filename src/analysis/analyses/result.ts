import type { FastifyInstance } from 'fastify'
import type { Reference } from '../../kernel/reference.ts'
import type { BarChart } from '../../kernel/report/chart.ts'
import type { ReportColumn } from '../../kernel/report/pdf.ts'
import { text } from '../../kernel/texts/index.ts'
import type { Analysis } from './analyses.ts'
import type { Conditions } from './conditions.ts'
import { listBehind } from './conditions.ts'
import type { Counts } from './counts.ts'
import type { Choice, Dimension } from './dimension.ts'

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

export const behind = (conditions: Conditions, { behind }: Choice): string => listBehind(conditions, behind)
