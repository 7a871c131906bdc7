import type { Conditions } from './conditions.ts'
import type { Cell, Result } from './result.ts'

/** A result that was added up as it is stored, in what people read: money in yuan, its chart too. */
export function inUnits(result: Result, { sum }: Conditions): Result {
  if (!sum) return result
  const { columns, lines, total, chart } = result
  const read = (value: unknown) => (typeof value === 'number' ? value / sum.times : value)
  const cells = (some: Cell[]) =>
    some.map((cell, at) => (columns[at]?.isMeasure ? { ...cell, value: read(cell.value) } : cell))
  const bars = (chart?.bars ?? []).map((bar) => ({
    ...bar,
    value: bar.value / sum.times,
    ...(bar.parts && { parts: bar.parts.map((part) => part / sum.times) }),
  }))
  return {
    columns: columns.map((column) => (column.isMeasure ? { ...column, places: sum.places } : column)),
    lines: lines.map((line) => ({ ...line, cells: cells(line.cells) })),
    total: cells(total),
    chart: chart && { ...chart, bars, unit: sum.unit },
  }
}
