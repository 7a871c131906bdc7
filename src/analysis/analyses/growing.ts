import { today } from '../../kernel/china/clock.ts'
import { text } from '../../texts/index.ts'
import { listBehind } from './asking.ts'
import { changeOf } from './comparison.ts'
import { inPeriod, periodOf } from './conditions.ts'
import { counting } from './counts.ts'
import { movedDay, type Period, type Span, spansOf, yearBefore } from './periods.ts'
import {
  type Asked,
  type Cell,
  chartSize,
  emptyResult,
  isNothing,
  measured,
  measureLabel,
  type Result,
  type ResultColumn,
} from './result.ts'

const beginning = '0001-01-01'

/** The records of each month, and how many there were by its end. */
export async function growing(asked: Asked): Promise<Result> {
  const { conditions } = asked
  const what = measureLabel(conditions)
  const noun = conditions.sum ? what : conditions.source.label
  const now = today()
  const spans = spansOf(periodOf(conditions), now)
  const [first] = spans as [Span]
  const before = { from: beginning, to: movedDay(first.from, -1) }
  const isCompared = conditions.compare === 'year'
  const years = isCompared ? spans.map(yearBefore) : []
  const [sofar = 0, ...counts] = await counting(asked).periods([before, ...spans, ...years])
  const added = counts.slice(0, spans.length)
  const yearAgo = counts.slice(spans.length)
  const columns: ResultColumn[] = [
    { label: text.analysis.month, kind: 'text' },
    measured(text.analysis.newOnes(noun)),
    measured(text.analysis.overPrevious),
    { label: text.analysis.growthRate, kind: 'share' },
    ...(isCompared
      ? ([measured(text.analysis.compares.year), { label: text.analysis.overYear, kind: 'share' }] as ResultColumn[])
      : []),
    measured(text.analysis.allSoFar(noun)),
  ]
  const newOnes = added.reduce((sum, count) => sum + count, 0)
  if (isNothing(conditions, sofar + newOnes)) return { columns, ...emptyResult }
  let all = sofar
  const lines = spans.map((span, at) => {
    const count = added[at] ?? 0
    all += count
    const cells: Cell[] = [
      { value: span.label },
      { value: count, href: listBehind(inPeriod(conditions, span)) },
      ...(at > 0 && isBegun(span) ? changeOf(count, added[at - 1] ?? 0) : [{ value: '' }, { value: '' }]),
      ...(isCompared ? yearCells(count, yearAgo[at] ?? 0, span) : []),
      { value: all, href: listBehind(untilEnd(span)) },
    ]
    return { cells }
  })
  const sumAgo = yearAgo.reduce((sum, count) => sum + count, 0)
  const whole = { from: first.from, to: (spans.at(-1) as Span).to }
  const total: Cell[] = [
    { value: text.analysis.total },
    { value: newOnes, href: listBehind(inPeriod(conditions, whole)) },
    { value: '' },
    { value: '' },
    ...(isCompared ? yearCells(newOnes, sumAgo, whole, spans.every(isBegun)) : []),
    { value: all, href: listBehind(untilEnd(whole)) },
  ]
  const bars = spans.map((span, at) => ({
    label: span.label,
    value: Math.max(added[at] ?? 0, yearAgo[at] ?? 0),
    href: listBehind(inPeriod(conditions, span)),
    ...(isCompared && {
      parts: [added[at] ?? 0, yearAgo[at] ?? 0],
      partHrefs: [span, yearBefore(span)].map((one) => listBehind(inPeriod(conditions, one))),
    }),
  }))
  const series = isCompared ? [text.analysis.thisPeriod, text.analysis.compares.year] : undefined
  return {
    columns,
    lines,
    total,
    chart: { title: text.analysis.growthTitle(what), bars, series, isInTime: true, ...chartSize },
  }

  /** What has not begun is nothing yet, and no loss. */
  function isBegun({ from }: Period) {
    return from <= now
  }

  /** All there were by the end of a month. */
  function untilEnd({ to }: Period) {
    return inPeriod(conditions, { to })
  }

  /** What there was a year earlier, and by which part it is more now. */
  function yearCells(count: number, before: number, period: Period, isComparable = isBegun(period)): Cell[] {
    const href = listBehind(inPeriod(conditions, yearBefore(period)))
    return [{ value: before, href }, ...(isComparable ? changeOf(count, before).slice(1) : [{ value: '' }])]
  }
}
