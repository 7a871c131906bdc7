import { openFonts, type Weight } from './fonts.ts'
import { type Glyphs, glyphsOf } from './glyphs.ts'

/** A4 upright, in points. */
export const PAGE = { width: 595.28, height: 841.89, left: 48, right: 48, top: 44, bottom: 58 }
export const CONTENT = PAGE.width - PAGE.left - PAGE.right
export const END = PAGE.height - PAGE.bottom
export const COLOUR = {
  ink: '#1f2933',
  quiet: '#5b6672',
  accent: '#1f5fa8',
  line: '#c3cbd4',
  dark: '#6b7785',
  band: '#f3f5f8',
}

export type Style = { size?: number; weight?: Weight; colour?: string; align?: 'left' | 'right' | 'center' }

/** The document being written and the place reached: `y` is where the next block begins, in points from the top. */
export type Sheet = { doc: PDFKit.PDFDocument; glyphs: Glyphs; y: number }

/** An empty document that holds its pages back, so that the page numbers can be written at the end. */
export async function openSheet(info: { Title: string; Author: string; CreationDate: Date }): Promise<Sheet> {
  const { default: PDFDocument } = await import('pdfkit')
  const fonts = await openFonts()
  const options = { size: 'A4', margin: 0, bufferPages: true, lang: 'zh-CN', displayTitle: true, info } as const
  const doc = new PDFDocument({ ...options, font: '', pdfVersion: '1.7' })
  doc.registerFont('regular', fonts.regular as never).registerFont('bold', fonts.bold as never)
  return { doc, glyphs: glyphsOf(fonts.regular), y: PAGE.top }
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
  const { x, y, width, height = END - y } = box
  style(sheet, kind).text(sheet.glyphs.shown(text), x, y, { width, height, align: kind.align, ellipsis: true })
}

/** Begins a new page unless `height` points are still free on this one. True when it did. */
export function makeRoom(sheet: Sheet, height: number): boolean {
  if (sheet.y + height <= END || sheet.y <= PAGE.top) return false
  newPage(sheet)
  return true
}

/** Begins a new page. */
export function newPage(sheet: Sheet): void {
  sheet.doc.addPage()
  sheet.y = PAGE.top
}
