import type { ReportColumn } from '../../kernel/report/pdf.ts'
import { text } from '../../kernel/texts/index.ts'
import { comparedPeriod, inPeriod, listBehind } from './conditions.ts'
import { counting } from './counts.ts'
import { dimensionOf, keysOf } from './dimension.ts'
import type { Period } from './periods.ts'
import {
  type Asked,
  behind,
  type Cell,
  chartSize,
  counted,
  countsOf,
  nothing,
  type Result,
  shared,
  shownOf,
} from './result.ts'
import { sharesOf } from './shares.ts'

/** The customers of each choice in a period beside those of an earlier one. */
export async function comparison({ app, analysis, conditions, reference }: Asked): Promise<Result> {
  const earlier = inPeriod(conditions, comparedPeriod(conditions) as Period)
  const dimension = dimensionOf(analysis, conditions, reference)
  const column = [dimension.column, keysOf(dimension)] as const
  const now = await counting(app, conditions).column(...column)
  const before = await counting(app, earlier).column(...column)
  const { thisPeriod, countOf, shareOf, compares } = text.analysis
  const other = compares[conditions.compare ?? 'previous']
  const columns: ReportColumn[] = [
    { label: dimension.label, kind: 'text' },
    counted(countOf(thisPeriod)),
    shared(shareOf(thisPeriod)),
    counted(countOf(other)),
    shared(shareOf(other)),
    counted(text.analysis.difference),
    { label: text.analysis.growthRate, kind: 'share' },
  ]
  if (now.total + before.total === 0) return { columns, ...nothing }
  const countBefore = new Map(countsOf(dimension, before).map(({ choice, count }) => [choice, count]))
  const rows = shownOf(
    dimension,
    countsOf(dimension, now),
    ({ choice, count }) => count + (countBefore.get(choice) ?? 0) > 0,
  ).map((row) => ({ ...row, before: countBefore.get(row.choice) ?? 0 }))
  const shares = [sharesOf(rows.map(({ count }) => count)), sharesOf(rows.map((row) => row.before))] as const
  const lines = rows.map(({ choice, count, before }, at) => ({
    cells: [
      { value: choice.label },
      { value: count, href: behind(conditions, choice) },
      { value: shares[0][at] ?? 0 },
      { value: before, href: behind(earlier, choice) },
      { value: shares[1][at] ?? 0 },
      ...changeOf(count, before),
    ],
    deeper: choice.deeper,
  }))
  const total = [
    { value: text.analysis.total },
    { value: now.total, href: listBehind(conditions) },
    { value: now.total ? 1 : 0 },
    { value: before.total, href: listBehind(earlier) },
    { value: before.total ? 1 : 0 },
    ...changeOf(now.total, before.total),
  ]
  const bars = rows.map(({ choice, count, before }) => ({
    label: choice.label,
    value: Math.max(count, before),
    parts: [count, before],
    partHrefs: [behind(conditions, choice), behind(earlier, choice)],
  }))
  const chart = {
    title: text.analysis.chartTitle(dimension.label),
    bars,
    series: [thisPeriod, other],
    ...chartSize,
  }
  return { columns, lines, total, chart }
}

/** How many more or fewer, and by which part of what was; of nothing there is no part. */
export const changeOf = (count: number, before: number): Cell[] => [
  { value: count - before },
  { value: before > 0 ? (count - before) / before : '' },
]
