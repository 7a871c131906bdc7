import { openFonts, type Weight } from './fonts.ts'
import { type Glyphs, glyphsOf } from './glyphs.ts'

/** A4 in points; upright, or turned for wide tables. */
const A4 = { short: 595.28, long: 841.89 }
export const MARGIN = { left: 48, right: 48, top: 44, bottom: 58 }
export const COLOUR = {
  ink: '#1f2933',
  quiet: '#5b6672',
  accent: '#1f5fa8',
  line: '#c3cbd4',
  dark: '#6b7785',
  band: '#f3f5f8',
}

export type Style = { size?: number; weight?: Weight; colour?: string; align?: 'left' | 'right' | 'center' }

/**
 * The document being written and the place reached: `y` is where the next block begins, in points from the top. What is
 * written stands in `content` points beside the left margin and above `end`.
 */
export type Sheet = {
  doc: PDFKit.PDFDocument
  glyphs: Glyphs
  width: number
  height: number
  content: number
  end: number
  y: number
}

type Info = { Title: string; Author: string; CreationDate: Date }

/** An empty document that holds its pages back, so that the page numbers can be written at the end. */
export async function openSheet(info: Info, isWide = false): Promise<Sheet> {
  const { default: PDFDocument } = await import('pdfkit')
  const fonts = await openFonts()
  const [width, height] = isWide ? [A4.long, A4.short] : [A4.short, A4.long]
  const options = {
    size: [width, height] as [number, number],
    margin: 0,
    bufferPages: true,
    lang: 'zh-CN',
    displayTitle: true,
    info,
  }
  const doc = new PDFDocument({ ...options, font: '', pdfVersion: '1.7' })
  doc.registerFont('regular', fonts.regular as never).registerFont('bold', fonts.bold as never)
  const content = width - MARGIN.left - MARGIN.right
  const place = { width, height, content, end: height - MARGIN.bottom, y: MARGIN.top }
  return { doc, glyphs: glyphsOf(fonts.regular), ...place }
}

/** Makes a style the current one. */
export function style({ doc }: Sheet, { size = 9.5, weight = 'regular', colour = COLOUR.ink }: Style) {
  return doc.font(weight).fontSize(size).fillColor(colour)
}

/** The height of a text in a column `width` points wide. */
export const textHeight = (sheet: Sheet, text: string, width: number, kind: Style = {}): number =>
  style(sheet, kind).heightOfString(sheet.glyphs.shown(text) || ' ', { width })

/** The width of a text on one line. */
export const textWidth = (sheet: Sheet, text: string, kind: Style = {}): number =>
  Math.max(
    ...sheet.glyphs
      .shown(text)
      .split('\n')
      .map((line) => style(sheet, kind).widthOfString(line)),
  )

/** Writes a text into a box; what does not fit into `height` ends in an ellipsis. */
export function write(
  sheet: Sheet,
  text: string,
  box: { x: number; y: number; width: number; height?: number },
  kind: Style = {},
): void {
  const { x, y, width, height = sheet.end - y } = box
  style(sheet, kind).text(sheet.glyphs.shown(text), x, y, { width, height, align: kind.align, ellipsis: true })
}

/** A line across the page. */
export function rule({ doc, content }: Sheet, y: number, colour: string): void {
  doc
    .moveTo(MARGIN.left, y)
    .lineTo(MARGIN.left + content, y)
    .lineWidth(colour === COLOUR.line ? 0.5 : 1)
    .stroke(colour)
}

/** Begins a new page unless `height` points are still free on this one. True when it did. */
export function makeRoom(sheet: Sheet, height: number): boolean {
  if (sheet.y + height <= sheet.end || sheet.y <= MARGIN.top) return false
  newPage(sheet)
  return true
}

/** Begins a new page. */
export function newPage(sheet: Sheet): void {
  sheet.doc.addPage()
  sheet.y = MARGIN.top
}
