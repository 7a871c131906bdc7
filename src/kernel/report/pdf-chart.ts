import { drawSvg } from './draw-svg.ts'
import { MARGIN, makeRoom, newPage, type Sheet } from './sheet.ts'
import { parseSvg, type SvgNode } from './svg.ts'

/** Part of a chart, in its own pixels from the top. */
type Slice = { top: number; bottom: number }

/** Draws a chart across the page; one that is higher than a page goes on, between two rows, on the next. */
export function drawChart(sheet: Sheet, source: string): void {
  const svg = parseSvg(source)
  const scale = sheet.content / Number(svg.attributes.width)
  const height = Number(svg.attributes.height)
  if (height * scale <= sheet.end - MARGIN.top) makeRoom(sheet, height * scale)
  let top = 0
  while (top < height) {
    const bottom = sliceEnd(svg, top, (sheet.end - sheet.y) / scale)
    drawSlice(sheet, svg, scale, { top, bottom })
    sheet.y += (bottom - top) * scale
    top = bottom
    if (top < height) newPage(sheet)
  }
  sheet.y += 14
}

function sliceEnd({ attributes }: SvgNode, top: number, room: number): number {
  const height = Number(attributes.height)
  if (top + room >= height - 0.01) return height
  const row = Number(attributes['data-row'] ?? 1)
  const first = Number(attributes['data-first-row'] ?? 0)
  return Math.max(top + row, first + Math.floor((top + room - first) / row) * row)
}

function drawSlice(sheet: Sheet, svg: SvgNode, scale: number, { top, bottom }: Slice): void {
  const { doc } = sheet
  doc.save()
  doc.translate(MARGIN.left, sheet.y).scale(scale)
  doc.rect(0, 0, Number(svg.attributes.width), bottom - top).clip()
  doc.translate(0, -top)
  drawSvg(sheet, { ...svg, children: svg.children.filter((child) => !isTextOutside(child, { top, bottom })) })
  doc.restore()
}

/** Clipped texts would not be seen but still be found and copied. */
function isTextOutside(node: SvgNode | string, { top, bottom }: Slice): boolean {
  if (typeof node === 'string' || node.name !== 'text') return false
  const [, shift] = /translate\([-\d.]+[ ,]+([-\d.]+)\)/.exec(node.attributes.transform ?? '') ?? []
  const y = Number(shift ?? 0) + Number(node.attributes.y ?? 0)
  return y < top || y >= bottom
}
