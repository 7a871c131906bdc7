import type { EChartsCoreOption } from 'echarts/core'
import { text } from '../../texts/index.ts'
import type { BarChart, BarLayout } from './bar-layout.ts'
import { LABEL_SIZE, LEGEND_NAME } from './bar-layout.ts'
import { formatFigure } from './figures.ts'
import { fitLabel } from './labels.ts'
import { fillOf } from './part-looks.ts'

const ACCENT = '#4a80bd'
const INK = '#1f2933'
const LINE = '#9aa5b1'
const FAINT = '#dde3ea'
// Without quotes: ECharts writes them into the attribute as they are.
export const FONT = 'Microsoft YaHei,PingFang SC,Noto Sans CJK SC,sans-serif'

type Library = typeof import('echarts/core')
// The small minified build: 25 MB of memory and 70 ms, where the same charts from 'echarts/core' take 90 MB and 370 ms.
const LIBRARY: string = 'echarts/dist/echarts.common.min.js'

/** The chart as ECharts draws it, with its style elements. The library is loaded when the first chart is drawn. */
export async function drawBars(chart: BarChart, layout: BarLayout): Promise<string> {
  const { default: library } = (await import(LIBRARY)) as { default: Library }
  const { width } = chart
  const canvas = library.init(null, null, { renderer: 'svg', ssr: true, width, height: layout.height })
  canvas.setOption(barOption(chart, layout))
  const drawing = canvas.renderToSVGString()
  canvas.dispose()
  return drawing
}

function barOption(chart: BarChart, layout: BarLayout): EChartsCoreOption {
  const hasNegatives = lowest(chart) < 0
  const names = {
    type: 'category',
    data: layout.labels,
    inverse: layout.isHorizontal,
    axisTick: { show: false },
    axisLine: { show: !hasNegatives, onZero: false, lineStyle: { color: LINE } },
    axisLabel: { interval: 0, color: INK, fontSize: LABEL_SIZE, lineHeight: 17, margin: 8 },
  }
  const values = {
    type: 'value',
    ...valueRange(chart),
    axisLabel: { show: false },
    splitLine: { show: hasNegatives, lineStyle: { color: FAINT } },
  }
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: LABEL_SIZE },
    title: headings(chart),
    grid: { ...layout.grid, containLabel: false },
    xAxis: layout.isHorizontal ? values : names,
    yAxis: layout.isHorizontal ? names : values,
    legend: legend(chart),
    series: chart.series ? partSeries(chart, layout) : [series(chart, layout)],
  }
}

/** From zero to the highest value; below zero with room for the figure under the lowest bar. */
function valueRange(chart: BarChart) {
  const [low, high] = [Math.min(0, lowest(chart)), Math.max(0, highest(chart))]
  return { min: low < 0 ? low - (high - low) * 0.12 : 0, max: high || (low < 0 ? 0 : 1) }
}

const lowest = (chart: BarChart) => Math.min(...chart.bars.map((bar) => bar.value))
const highest = ({ bars, series, isStacked }: BarChart) =>
  Math.max(...bars.flatMap((bar) => (series && !isStacked ? (bar.parts ?? []) : bar.value)))

/** Below the headings, from the left. */
const legend = ({ series, title, unit }: BarChart) => ({
  show: series !== undefined,
  data: series,
  left: 0,
  right: 0,
  top: title || unit ? 30 : 4,
  icon: 'rect',
  itemWidth: 14,
  itemHeight: 10,
  itemGap: 14,
  padding: 0,
  selectedMode: false,
  formatter: (name: string) => fitLabel(name, LEGEND_NAME, 1),
  textStyle: { color: INK, fontSize: LABEL_SIZE, fontFamily: FONT },
})

/** Nothing has no outline either. */
const partOf = (value: number) => (value === 0 ? { value, itemStyle: { borderWidth: 0 } } : value)

const partSeries = ({ bars, series = [], isStacked }: BarChart, { isHorizontal }: BarLayout) =>
  series.map((name, part) => ({
    name,
    type: 'bar',
    stack: isStacked ? 'all' : undefined,
    barMaxWidth: isHorizontal ? 14 : 36,
    barCategoryGap: '32%',
    barGap: '8%',
    clip: false,
    itemStyle: { color: fillOf(part), borderColor: '#7d8b9a', borderWidth: 0.5 },
    emphasis: { disabled: true },
    label: {
      show: !isStacked,
      position: isHorizontal ? 'right' : 'top',
      color: INK,
      fontSize: 11,
      distance: 4,
      formatter: ({ value }: { value: number }) => formatFigure(value),
    },
    data: bars.map(({ parts }) => partOf(parts?.[part] ?? 0)),
  }))

function headings({ title, unit }: BarChart) {
  const style = { fontFamily: FONT, fontSize: 14, fontWeight: 'bold', color: INK }
  const small = { ...style, fontSize: LABEL_SIZE, fontWeight: 'normal' }
  return [
    { text: title ?? '', left: 0, top: 2, padding: 0, textStyle: style },
    { text: unit && text.report.unit(unit), right: 2, top: 4, padding: 0, textStyle: small },
  ]
}

function series({ bars }: BarChart, { isHorizontal, figures }: BarLayout) {
  const [after, before] = isHorizontal ? ['right', 'left'] : ['top', 'bottom']
  return {
    type: 'bar',
    barMaxWidth: isHorizontal ? 14 : 40,
    barCategoryGap: '36%',
    clip: false,
    itemStyle: { color: ACCENT },
    emphasis: { disabled: true },
    label: {
      show: true,
      color: INK,
      fontSize: LABEL_SIZE,
      distance: 5,
      formatter: ({ dataIndex }: { dataIndex: number }) => figures[dataIndex],
    },
    data: bars.map(({ value }) => ({ value, label: { position: value < 0 ? before : after } })),
  }
}
