import { COLOUR, type Sheet, style } from './sheet.ts'
import { type SvgNode, textOf } from './svg.ts'

const TRANSFORM = /(translate|scale|rotate|matrix)\(([^)]*)\)/g
// The middle of a hanzi above its baseline, in ems: where SVG's dominant-baseline "central" lies.
const CENTRAL = 0.36

/** Draws the SVG that `barChart` writes (groups, links, paths, rectangles, one-line texts) at the current origin. */
export function drawSvg(sheet: Sheet, node: SvgNode): void {
  const { doc } = sheet
  doc.save()
  applyTransform(doc, node.attributes.transform)
  if (node.name === 'text') drawText(sheet, node)
  else if (node.name === 'path') paint(doc.path(node.attributes.d ?? ''), node)
  else if (node.name === 'rect') drawRectangle(doc, node)
  else for (const child of node.children) if (typeof child !== 'string') drawSvg(sheet, child)
  doc.restore()
}

const numbers = (list = ''): number[] => (list.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number)

function applyTransform(doc: PDFKit.PDFDocument, transform = ''): void {
  for (const [, kind, list] of transform.matchAll(TRANSFORM)) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers(list)
    if (kind === 'translate') doc.translate(a, b)
    else if (kind === 'scale') doc.scale(a, b || a)
    else if (kind === 'rotate') doc.rotate(a)
    else doc.transform(a, b, c, d, e, f)
  }
}

function drawRectangle(doc: PDFKit.PDFDocument, node: SvgNode): void {
  const { x = '0', y = '0', width, height } = node.attributes
  paint(doc.rect(Number(x), Number(y), Number(width), Number(height)), node)
}

function paint(doc: PDFKit.PDFDocument, { attributes }: SvgNode): void {
  const fill = colourOf(attributes.fill ?? 'black')
  const stroke = colourOf(attributes.stroke)
  doc.lineWidth(Number.parseFloat(attributes['stroke-width'] ?? '1'))
  if (fill && stroke) doc.fillAndStroke(fill, stroke)
  else if (fill) doc.fill(fill)
  else if (stroke) doc.stroke(stroke)
}

function colourOf(colour = 'none'): string | undefined {
  if (colour === 'none') return undefined
  return colour === 'currentColor' ? COLOUR.ink : colour
}

function drawText(sheet: Sheet, node: SvgNode): void {
  const { x = '0', y = '0', fill } = node.attributes
  const size = Number.parseFloat(node.attributes['font-size'] ?? '12')
  const weight = node.attributes['font-weight'] === 'bold' ? 'bold' : 'regular'
  const text = sheet.glyphs.shown(textOf(node))
  const doc = style(sheet, { size, weight, colour: colourOf(fill ?? 'currentColor') })
  const share = { middle: 0.5, end: 1 }[node.attributes['text-anchor'] ?? ''] ?? 0
  const top = Number(y) + (node.attributes['dominant-baseline'] === 'central' ? CENTRAL * size : 0)
  const left = Number(x) - share * doc.widthOfString(text)
  doc.text(text, left, top, { lineBreak: false, baseline: 'alphabetic' })
}
