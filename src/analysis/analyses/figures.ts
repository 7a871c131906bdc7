import type { ReportColumn } from '../../kernel/report/pdf.ts'
import { text } from '../../kernel/texts/index.ts'
import { comparison } from './comparison.ts'
import { listBehind } from './conditions.ts'
import { counting } from './counts.ts'
import { crossing } from './crossing.ts'
import { dimensionOf, keysOf } from './dimension.ts'
import { growing } from './growing.ts'
import { type Asked, behind, chartSize, counted, countsOf, nothing, type Result, shared, shownOf } from './result.ts'
import { sharesOf } from './shares.ts'

/** The figures of an analysis, in the way that is asked for. */
export function analyse(asked: Asked): Promise<Result> {
  const { analysis, conditions } = asked
  if (analysis.way === 'growth') return growing(asked)
  if (conditions.cross && conditions.cross !== analysis.name) return crossing(asked, conditions.cross)
  return conditions.compare ? comparison(asked) : single(asked)
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
