import { formatColumn } from './figures.ts'
import { fitLabel, widthOf } from './labels.ts'

/** `parts` are the values of the series; `value` is what the bar as a whole stands for. */
export type Bar = { label: string; value: number; href?: string; parts?: number[]; partHrefs?: (string | undefined)[] }
/** With `series` each bar has a part for each of them: one upon the other where they are `isStacked`, else beside each other. */
export type BarChart = {
  /** Of the drawing on its page, where something refers to it. */
  id?: string
  title?: string
  bars: Bar[]
  width: number
  height: number
  unit: string
  series?: string[]
  isStacked?: boolean
  /** The bars follow each other in time: they stand as long as there is any room. */
  isInTime?: boolean
}

export const LABEL_SIZE = 12
const SLOT = 72
const TIME_SLOT = 48
const ROW = 26
const HEAD = 34
const LEGEND = 26
/** The sign, the gap behind it and the gap to the next. */
const SIGN = 36
/** So many ems of a name stand in the legend. */
export const LEGEND_NAME = 10
const LEAST = 24

/** Where everything of a bar chart stands, in pixels. `row` is the height of one horizontal bar with its space. */
export type BarLayout = {
  isHorizontal: boolean
  height: number
  labels: string[]
  figures: string[]
  grid: { left: number; right: number; top: number; bottom: number }
  row: number
}

/** How many lines the legend takes: each name beside its sign, as many as fit. */
function legendLines({ series = [], width }: BarChart): number {
  let [lines, x] = [series.length > 0 ? 1 : 0, 0]
  for (const name of series) {
    const item = SIGN + widthOf(fitLabel(name, LEGEND_NAME, 1)) * LABEL_SIZE
    if (x > 0 && x + item > width) {
      lines++
      x = 0
    }
    x += item
  }
  return lines
}

/** Upright bars while every one has room for its label on two lines; otherwise rows, and the chart grows with them. */
export function barLayout(chart: BarChart): BarLayout {
  const top = (chart.title || chart.unit ? HEAD : 12) + LEGEND * legendLines(chart)
  return chart.bars.length * (chart.isInTime ? TIME_SLOT : SLOT) <= chart.width
    ? uprightLayout(chart, top)
    : rowLayout(chart, top)
}

function uprightLayout({ bars, width, height }: BarChart, top: number): BarLayout {
  const room = (width - 16) / bars.length / LABEL_SIZE - 0.8
  const labels = bars.map((bar) => fitLabel(bar.label, room, 2))
  const lines = Math.max(...labels.map((label) => label.split('\n').length))
  const grid = { left: 8, right: 8, top: top + 20, bottom: 14 + lines * 17 }
  return { isHorizontal: false, height, labels, figures: figuresOf(bars), grid, row: 0 }
}

function rowLayout({ bars, width, height, series = [], isStacked }: BarChart, top: number): BarLayout {
  const labels = bars.map((bar) => fitLabel(bar.label, (width * 0.34) / LABEL_SIZE, 1))
  const figures = figuresOf(bars)
  const left = Math.max(LEAST, ...labels.map((label) => widthOf(label) * LABEL_SIZE)) + 14
  const right = Math.max(LEAST, ...figures.map((figure) => widthOf(figure) * LABEL_SIZE)) + 10
  const least = isStacked ? ROW : Math.max(ROW, 8 + 14 * series.length)
  const grown = Math.max(height, top + bars.length * least + 8)
  const row = Math.min(Math.max(40, least), Math.floor((grown - top - 8) / bars.length))
  const grid = { left, right, top, bottom: 8 }
  return { isHorizontal: true, height: top + row * bars.length + grid.bottom, labels, figures, grid, row }
}

const figuresOf = (bars: Bar[]) =>
  formatColumn(
    'number',
    bars.map((bar) => bar.value),
  )
