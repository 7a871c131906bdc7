import { text } from '../../texts/index.ts'
import { listBehind } from './asking.ts'
import { comparison } from './comparison.ts'
import { counting } from './counts.ts'
import { crossing } from './crossing.ts'
import { dimensionOf, keysOf } from './dimension.ts'
import { growing } from './growing.ts'
import { inUnits } from './measure.ts'
import {
  type Asked,
  type Cell,
  chartSize,
  countColumn,
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

/** The figures of an analysis, in the way that is asked for. */
export const analyse = async (asked: Asked): Promise<Result> => inUnits(await figuresOf(asked), asked.conditions)

function figuresOf(asked: Asked): Promise<Result> {
  const { analysis, conditions } = asked
  if (analysis.way === 'growth') return growing(asked)
  if (conditions.cross && conditions.cross !== analysis.name) return crossing(asked, conditions.cross)
  return conditions.compare ? comparison(asked) : single(asked)
}

async function single(asked: Asked): Promise<Result> {
  const { analysis, conditions, reference } = asked
  const { source, sum } = conditions
  const dimension = dimensionOf(analysis, conditions, reference)
  const by = [dimension.column, keysOf(dimension)] as const
  const counts = await counting(asked).column(...by)
  // Beside what is added up stands of how many.
  const records = sum && (await counting(asked, { ...conditions, sum: undefined }).column(...by))
  const columns: ResultColumn[] = [
    { label: dimension.label, kind: 'text' },
    ...(records ? [countColumn(text.analysis.countLabel(source.label))] : []),
    measured(measureLabel(conditions)),
    shared(text.analysis.share),
  ]
  if (isNothing(conditions, counts.total)) return { columns, ...emptyResult }
  const recordsOf = new Map(records && countsOf(dimension, records).map(({ choice, count }) => [choice, count]))
  const rows = shownOf(
    dimension,
    countsOf(dimension, counts),
    ({ choice, count }) => count !== 0 || (recordsOf.get(choice) ?? 0) > 0,
  )
  const shares = sharesOf(rows.map(({ count }) => count))
  const beside = (count: number | undefined, href: string): Cell[] => (records ? [{ value: count ?? 0, href }] : [])
  const lines = rows.map(({ choice, count }, at) => {
    const href = drillDown(conditions, choice)
    return {
      cells: [
        { value: choice.label },
        ...beside(recordsOf.get(choice), href),
        { value: count, href },
        { value: shares[at] ?? 0 },
      ],
      deeper: choice.deeper,
    }
  })
  const bars = rows.map(({ choice, count }) => ({
    label: choice.label,
    value: count,
    href: drillDown(conditions, choice),
  }))
  const all = listBehind(conditions)
  const total = [
    { value: text.analysis.total },
    ...beside(records?.total, all),
    { value: counts.total, href: all },
    { value: shares.includes('') ? '' : 1 },
  ]
  const chart = { title: text.analysis.chartTitle(dimension.label, measureLabel(conditions)), bars, ...chartSize }
  return { columns, lines, total, chart }
}
