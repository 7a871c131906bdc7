import { today } from '../../kernel/china/clock.ts'
import type { ReportColumn } from '../../kernel/report/pdf.ts'
import { text } from '../../kernel/texts/index.ts'
import { changeOf } from './comparison.ts'
import { inPeriod, listBehind, periodOf } from './conditions.ts'
import { counting } from './counts.ts'
import { movedDay, type Period, type Span, spansOf, yearBefore } from './periods.ts'
import { type Asked, type Cell, chartSize, counted, nothing, type Result } from './result.ts'

const beginning = '0001-01-01'

/** The customers registered in each month, and how many there were by its end. */
export async function growing({ app, conditions }: Asked): Promise<Result> {
  const now = today()
  const spans = spansOf(periodOf(conditions), now)
  const [first] = spans as [Span]
  const before = { from: beginning, to: movedDay(first.from, -1) }
  const isCompared = conditions.compare === 'year'
  const years = isCompared ? spans.map(yearBefore) : []
  const [sofar = 0, ...counts] = await counting(app, conditions).periods([before, ...spans, ...years])
  const added = counts.slice(0, spans.length)
  const yearAgo = counts.slice(spans.length)
  const columns: ReportColumn[] = [
    { label: text.analysis.month, kind: 'text' },
    counted(text.analysis.newCustomers),
    counted(text.analysis.overPrevious),
    { label: text.analysis.growthRate, kind: 'share' },
    ...(isCompared
      ? ([counted(text.analysis.compares.year), { label: text.analysis.overYear, kind: 'share' }] as ReportColumn[])
      : []),
    counted(text.analysis.allSoFar),
  ]
  const newOnes = added.reduce((sum, count) => sum + count, 0)
  if (sofar + newOnes === 0) return { columns, ...nothing }
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
    chart: { title: text.analysis.growthTitle, bars, series, isInTime: true, ...chartSize },
  }

  /** What has not begun is nothing yet, and no loss. */
  function isBegun({ from }: Period) {
    return from <= now
  }

  /** Everybody registered by the end of a month. */
  function untilEnd({ to }: Period) {
    const { registered_on_from: _, ...others } = conditions.filters
    return { ...conditions, filters: { ...others, registered_on_to: to } }
  }

  /** What there was a year earlier, and by which part it is more now. */
  function yearCells(count: number, before: number, period: Period, isComparable = isBegun(period)): Cell[] {
    const href = listBehind(inPeriod(conditions, yearBefore(period)))
    return [{ value: before, href }, ...(isComparable ? changeOf(count, before).slice(1) : [{ value: '' }])]
  }
}
