import { text } from '../../texts/index.ts'
import { recent } from '../lru-cache.ts'
import { type BarChart, type BarLayout, barLayout } from './bar-layout.ts'
import { drawBars, FONT } from './echarts.ts'
import { formatFigure } from './figures.ts'
import { linesUpon } from './part-looks.ts'
import { plainSvg } from './plain-svg.ts'
import { parseSvg, type SvgNode, writeSvg } from './svg.ts'

export type { Bar, BarChart } from './bar-layout.ts'

/** The last drawings: people look at the same figures again, on the screen, for the printer and on every start page. */
const kept = recent<Promise<string | null>>(30)

/**
 * A bar chart as one SVG element for the page and for the PDF, or null when there is nothing to draw.
 * `width` and `height` in pixels; with many bars they lie, and the chart becomes higher than `height`.
 * Texts take the colour of the page (`currentColor`); bars carry the class `chart-bar`. The same input gives the same SVG.
 */
export function barChart(chart: BarChart): Promise<string | null> {
  const key = JSON.stringify(chart)
  const drawing = kept.get(key, () => draw(chart))
  drawing.catch(() => kept.forget(key))
  return drawing
}

async function draw(chart: BarChart): Promise<string | null> {
  if (chart.bars.length === 0) return null
  const layout = barLayout(chart)
  const drawing = parseSvg(await drawBars(chart, layout))
  const svg = plainSvg({ ...drawing, children: drawing.children.map((child) => withMeaning(child, chart, layout)) })
  Object.assign(svg.attributes, rootAttributes(chart, layout))
  if (layout.isHorizontal) {
    Object.assign(svg.attributes, { 'data-first-row': String(layout.grid.top), 'data-row': String(layout.row) })
  }
  return writeSvg(withClasses(svg))
}

/** Each bar says what it is, and leads to its records. */
function withMeaning(node: SvgNode | string, chart: BarChart, { figures }: BarLayout): SvgNode | string {
  if (typeof node === 'string') return node
  const place = placeOf(node)
  if (!place) return node
  if (place.isSign) return withLines(node, place.part, node)
  const bar = chart.bars[place.bar] as BarChart['bars'][number]
  const name = chart.series ? text.report.part(bar.label, chart.series[place.part] ?? '') : bar.label
  const figure = chart.series ? formatFigure(bar.parts?.[place.part] ?? 0) : (figures[place.bar] ?? '')
  const title = text.report.bar(name, withUnit(figure, chart.unit))
  const hint = { name: 'title', attributes: {}, children: [title] }
  const mark = chart.series ? 'chart-part' : 'chart-bar'
  const marked = { ...node, attributes: { ...node.attributes, 'data-bar': mark }, children: [hint] }
  const drawn = chart.series ? withLines(node, place.part, marked) : marked
  const href = chart.series ? bar.partHrefs?.[place.part] : bar.href
  if (!href) return drawn
  return { name: 'a', attributes: { href, 'aria-label': title }, children: [drawn] }
}

type Place = { bar: number; part: number; isSign: boolean }

/** Which bar a drawn element is, or of which part the sign in the legend. */
function placeOf({ attributes }: SvgNode): Place | undefined {
  const { ecmeta_ssr_type: type, ecmeta_data_index: bar, ecmeta_series_index: part, fill } = attributes
  const isSign = type === 'legend' && fill !== 'none'
  return bar !== undefined && (type === 'chart' || isSign)
    ? { bar: Number(bar), part: Number(part), isSign }
    : undefined
}

/** A part with what tells it from others of its tone. */
function withLines(node: SvgNode, part: number, drawn: SvgNode): SvgNode {
  const lines = linesUpon(node, part)
  return lines ? { name: 'g', attributes: {}, children: [drawn, lines] } : drawn
}

function withClasses(node: SvgNode): SvgNode {
  const { 'data-bar': bar, ...attributes } = node.attributes
  if (bar !== undefined) attributes.class = bar
  if (attributes['font-family'] === FONT && node.name === 'text') delete attributes['font-family']
  if (node.name === 'text') attributes.fill = 'currentColor'
  const children = node.children.map((child) => (typeof child === 'string' ? child : withClasses(child)))
  return { ...node, attributes, children }
}

const withUnit = (figure: string, unit: string) => (unit ? `${figure} ${unit}` : figure)

/** An image to assistive technology; a group when it holds links, which an image would hide. */
function rootAttributes({ id, title, bars, unit }: BarChart, { figures }: BarLayout): Record<string, string> {
  const largest = bars.reduce((most, bar, index) => (bar.value > (bars[most]?.value ?? 0) ? index : most), 0)
  const label = [
    text.report.chart(title ?? '', bars.length),
    text.report.chartLargest(bars[largest]?.label ?? '', withUnit(figures[largest] ?? '', unit)),
  ].join(text.report.comma)
  return {
    ...(id && { id }),
    class: 'chart',
    'font-family': FONT,
    role: bars.some((bar) => bar.href || bar.partHrefs?.some(Boolean)) ? 'group' : 'img',
    'aria-label': label,
  }
}
