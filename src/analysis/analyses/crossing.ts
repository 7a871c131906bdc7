import { text } from '../../texts/index.ts'
import { listBehind } from './asking.ts'
import { counting, type Pair } from './counts.ts'
import { type Choice, type Dimension, dimensionOf } from './dimension.ts'
import {
  type Asked,
  chartSize,
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
import type { Analysis } from './sources.ts'

/** So many parts of a bar are told apart in the picture; the smallest of more are one. */
const mostParts = 8

/** What one part of each bar stands for. */
type Part = { label: string; choices: Choice[] }

/** The records of each choice by those of another field. */
export async function crossing(asked: Asked, cross: string): Promise<Result> {
  const { analysis, conditions, reference } = asked
  const { analyses } = conditions.source
  const down = dimensionOf(analysis, conditions, reference)
  const across = dimensionOf(analyses.find(({ name }) => name === cross) as Analysis, conditions, reference)
  const table = tabled(await counting(asked).pairs([down.column, across.column]), down, across)
  const rows = shownOf(down, table.rows)
  const places = shownOf(across, table.columns).filter(({ count }) => count !== 0)
  const columns: ResultColumn[] = [
    { label: down.label, kind: 'text' },
    ...places.map((place) => measured(place.choice.label)),
    measured(text.analysis.total),
    shared(text.analysis.share),
  ]
  if (isNothing(conditions, table.total)) return { columns, ...emptyResult }
  const shares = sharesOf(rows.map(({ count }) => count))
  const lines = rows.map(({ choice, count }, at) => ({
    cells: [
      { value: choice.label },
      ...places.map((place) => ({
        value: table.at(choice, place.choice),
        href: listBehind(conditions, choice.behind, place.choice.behind),
      })),
      { value: count, href: listBehind(conditions, choice.behind) },
      { value: shares[at] ?? 0 },
    ],
    deeper: choice.deeper,
  }))
  const total = [
    { value: text.analysis.total },
    ...places.map(({ choice, count }) => ({ value: count, href: listBehind(conditions, choice.behind) })),
    { value: table.total, href: listBehind(conditions) },
    { value: shares.includes('') ? '' : 1 },
  ]
  const parts = partsOf(places)
  const bars = rows.map(({ choice, count }) => ({
    label: choice.label,
    value: count,
    parts: parts.map(({ choices }) => choices.reduce((sum, one) => sum + table.at(choice, one), 0)),
    partHrefs: parts.map(({ choices: [only, ...others] }) =>
      only && others.length === 0 ? listBehind(conditions, choice.behind, only.behind) : undefined,
    ),
  }))
  const title = text.analysis.crossTitle(text.analysis.chartTitle(down.label, measureLabel(conditions)), across.label)
  const series = parts.map(({ label }) => label)
  return { columns, lines, total, chart: { title, bars, series, isStacked: true, ...chartSize } }
}

/** Counts by choices of both fields, out of counts by their values. */
function tabled(pairs: Pair[], down: Dimension, across: Dimension) {
  const [rowOf, columnOf] = [down, across].map(choiceByKey) as [ChoiceOf, ChoiceOf]
  const counts = new Map<Choice, Map<Choice, number>>()
  for (const { first, second, count } of pairs) {
    const row = counts.get(rowOf(first)) ?? new Map<Choice, number>()
    counts.set(rowOf(first), row.set(columnOf(second), (row.get(columnOf(second)) ?? 0) + count))
  }
  const at = (row: Choice, column: Choice) => counts.get(row)?.get(column) ?? 0
  const sum = (choices: Choice[], count: (one: Choice) => number) => choices.reduce((all, one) => all + count(one), 0)
  const allRows = [...down.choices, down.unfilled]
  const allColumns = [...across.choices, across.unfilled]
  const rows = allRows.map((choice) => ({ choice, count: sum(allColumns, (column) => at(choice, column)) }))
  return {
    at,
    rows,
    columns: allColumns.map((choice) => ({ choice, count: sum(allRows, (row) => at(row, choice)) })),
    total: rows.reduce((all, { count }) => all + count, 0),
  }
}

type ChoiceOf = (key: string | null) => Choice

function choiceByKey({ choices, unfilled }: Dimension): ChoiceOf {
  const byKey = new Map(choices.flatMap((choice) => choice.keys.map((key) => [key, choice])))
  return (key) => byKey.get(key as string) ?? unfilled
}

/** The parts of the picture in the order of the columns; the smallest of too many are put together. */
function partsOf(places: { choice: Choice; count: number }[]): Part[] {
  const alone = ({ choice }: { choice: Choice }) => ({ label: choice.label, choices: [choice] })
  if (places.length <= mostParts) return places.map(alone)
  const largest = new Set(places.toSorted((a, b) => b.count - a.count).slice(0, mostParts - 1))
  const rest = places.filter((one) => !largest.has(one)).map(({ choice }) => choice)
  return [
    ...places.filter((one) => largest.has(one)).map(alone),
    { label: text.analysis.restParts(rest.length), choices: rest },
  ]
}
