import { text } from '../../texts/index.ts'
import { listBehind } from './asking.ts'
import { comparedPeriod, inPeriod } from './conditions.ts'
import { counting } from './counts.ts'
import { dimensionOf, keysOf } from './dimension.ts'
import type { Period } from './periods.ts'
import {
  type Asked,
  type Cell,
  chartSize,
  countsOf,
  drillDown,
  emptyResult,
  isNothing,
  measured,
  measureLabel,
  type Result,
  type ResultColumn,
  shared,
  shownOf,
} from './result.ts'
import { sharesOf } from './shares.ts'

/** The records of each choice in a period beside those of an earlier one. */
export async function comparison(asked: Asked): Promise<Result> {
  const { analysis, conditions, reference } = asked
  const earlier = inPeriod(conditions, comparedPeriod(conditions) as Period)
  const dimension = dimensionOf(analysis, conditions, reference)
  const column = [dimension.column, keysOf(dimension)] as const
  const now = await counting(asked).column(...column)
  const before = await counting(asked, earlier).column(...column)
  const { thisPeriod, countOf, shareOf, compares } = text.analysis
  const other = compares[conditions.compare ?? 'previous']
  const what = measureLabel(conditions)
  const columns: ResultColumn[] = [
    { label: dimension.label, kind: 'text' },
    measured(countOf(thisPeriod, what)),
    shared(shareOf(thisPeriod)),
    measured(countOf(other, what)),
    shared(shareOf(other)),
    measured(text.analysis.difference),
    { label: text.analysis.growthRate, kind: 'share' },
  ]
  if (isNothing(conditions, now.total) && isNothing(conditions, before.total)) return { columns, ...emptyResult }
  const countBefore = new Map(countsOf(dimension, before).map(({ choice, count }) => [choice, count]))
  const rows = shownOf(
    dimension,
    countsOf(dimension, now),
    ({ choice, count }) => count !== 0 || (countBefore.get(choice) ?? 0) !== 0,
  ).map((row) => ({ ...row, before: countBefore.get(row.choice) ?? 0 }))
  const shares = [sharesOf(rows.map(({ count }) => count)), sharesOf(rows.map((row) => row.before))] as const
  const lines = rows.map(({ choice, count, before }, at) => ({
    cells: [
      { value: choice.label },
      { value: count, href: drillDown(conditions, choice) },
      { value: shares[0][at] ?? 0 },
      { value: before, href: drillDown(earlier, choice) },
      { value: shares[1][at] ?? 0 },
      ...changeOf(count, before),
    ],
    deeper: choice.deeper,
  }))
  const total = [
    { value: text.analysis.total },
    { value: now.total, href: listBehind(conditions) },
    { value: shares[0].includes('') ? '' : now.total ? 1 : 0 },
    { value: before.total, href: listBehind(earlier) },
    { value: shares[1].includes('') ? '' : before.total ? 1 : 0 },
    ...changeOf(now.total, before.total),
  ]
  const bars = rows.map(({ choice, count, before }) => ({
    label: choice.label,
    value: Math.max(count, before),
    parts: [count, before],
    partHrefs: [drillDown(conditions, choice), drillDown(earlier, choice)],
  }))
  const chart = {
    title: text.analysis.chartTitle(dimension.label, what),
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
