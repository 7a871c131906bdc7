import type { ReportColumn } from '../report/pdf.ts'
import { text } from '../texts/index.ts'
import type { Change } from '../web/list-query.ts'
import { type Analysis, analyses } from './analyses.ts'
import { type Conditions, listBehind } from './conditions.ts'
import { counting, type Pair } from './counts.ts'
import { type Choice, type Dimension, dimensionOf } from './dimension.ts'
import { type Asked, chartSize, counted, nothing, type Result, shared, shownOf } from './result.ts'
import { sharesOf } from './shares.ts'

/** So many columns stand beside each other on paper; the rest are one column. */
const mostColumns = 8

/** A place in the table: choices of the field across, or what is left of them. */
type Across = { label: string; choices: Choice[] }

/** The customers of each choice by those of another field. */
export async function crossing({ app, analysis, conditions, reference }: Asked, cross: string): Promise<Result> {
  const down = dimensionOf(analysis, conditions, reference)
  const across = dimensionOf(analyses.find(({ name }) => name === cross) as Analysis, conditions, reference)
  const table = tabled(await counting(app, conditions).pairs([down.column, across.column]), down, across)
  const rows = shownOf(down, table.rows)
  const places = placesOf(across, table.columns)
  const columns: ReportColumn[] = [
    { label: down.label, kind: 'text' },
    ...places.map(({ label }) => counted(label)),
    counted(text.analysis.total),
    shared(text.analysis.share),
  ]
  if (table.total === 0) return { columns, ...nothing }
  const shares = sharesOf(rows.map(({ count }) => count))
  const lines = rows.map(({ choice, count }, at) => ({
    cells: [
      { value: choice.label },
      ...places.map((place) => ({
        value: table.at([choice], place.choices),
        href: both(conditions, choice.behind, place),
      })),
      { value: count, href: choice.behind && listBehind(conditions, choice.behind) },
      { value: shares[at] ?? 0 },
    ],
    deeper: choice.deeper,
  }))
  const every = rows.map(({ choice }) => choice)
  const total = [
    { value: text.analysis.total },
    ...places.map((place) => ({ value: table.at(every, place.choices), href: both(conditions, {}, place) })),
    { value: table.total, href: listBehind(conditions) },
    { value: 1 },
  ]
  const bars = rows.map(({ choice, count }) => ({
    label: choice.label,
    value: count,
    parts: places.map((place) => table.at([choice], place.choices)),
    partHrefs: places.map((place) => both(conditions, choice.behind, place) ?? undefined),
  }))
  const title = text.analysis.crossTitle(text.analysis.chartTitle(down.label), across.label)
  const series = places.map(({ label }) => label)
  return { columns, lines, total, chart: { title, bars, series, isStacked: true, ...chartSize } }
}

/** The customers behind one number; several choices at once cannot be asked for. */
function both(conditions: Conditions, row: Change | null, { choices: [only, ...others] }: Across): string | null {
  if (!row || !only?.behind || others.length > 0) return null
  return listBehind(conditions, row, only.behind)
}

/** Counts by choices of both fields, out of counts by their values. */
function tabled(pairs: Pair[], down: Dimension, across: Dimension) {
  const [rowOf, columnOf] = [down, across].map(choiceByKey) as [ChoiceOf, ChoiceOf]
  const counts = new Map<Choice, Map<Choice, number>>()
  for (const { first, second, count } of pairs) {
    const row = counts.get(rowOf(first)) ?? new Map<Choice, number>()
    counts.set(rowOf(first), row.set(columnOf(second), (row.get(columnOf(second)) ?? 0) + count))
  }
  const at = (rows: Choice[], columns: Choice[]) =>
    rows.reduce((sum, row) => sum + columns.reduce((part, one) => part + (counts.get(row)?.get(one) ?? 0), 0), 0)
  const allRows = [...down.choices, down.unfilled]
  const allColumns = [...across.choices, across.unfilled]
  return {
    at,
    rows: allRows.map((choice) => ({ choice, count: at([choice], allColumns) })),
    columns: allColumns.map((choice) => ({ choice, count: at(allRows, [choice]) })),
    total: at(allRows, allColumns),
  }
}

type ChoiceOf = (key: string | null) => Choice

function choiceByKey({ choices, unfilled }: Dimension): ChoiceOf {
  const byKey = new Map(choices.flatMap((choice) => choice.keys.map((key) => [key, choice])))
  return (key) => byKey.get(key as string) ?? unfilled
}

/** The columns in their order; the smallest of too many are put together. */
function placesOf(across: Dimension, counts: { choice: Choice; count: number }[]): Across[] {
  const used = shownOf(across, counts).filter(({ count }) => count > 0)
  if (used.length <= mostColumns) return used.map(({ choice }) => ({ label: choice.label, choices: [choice] }))
  const largest = new Set(used.toSorted((a, b) => b.count - a.count).slice(0, mostColumns - 1))
  const kept = used.filter((one) => largest.has(one))
  const rest = used.filter((one) => !largest.has(one)).map(({ choice }) => choice)
  return [
    ...kept.map(({ choice }) => ({ label: choice.label, choices: [choice] })),
    { label: text.analysis.restColumns, choices: rest },
  ]
}
