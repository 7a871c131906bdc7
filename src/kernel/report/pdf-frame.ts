import { text } from '../../texts/index.ts'
import { chinaMinute } from '../china/clock.ts'
import { COLOUR, MARGIN, type Sheet, type Style, textHeight, textWidth, write } from './sheet.ts'

export type Condition = { label: string; value: string }
export type Head = { company: string; title: string; logo?: Uint8Array | null; conditions: Condition[] }

/** The company with its logo, the title, and the conditions the figures were taken under. */
export function drawHead(sheet: Sheet, { company, title, logo, conditions }: Head): void {
  const { doc } = sheet
  if (logo)
    doc.image(Buffer.from(logo), sheet.width - MARGIN.right - 110, MARGIN.top - 6, { fit: [110, 44], align: 'right' })
  const width = sheet.content - (logo ? 126 : 0)
  block(sheet, company, width, { size: 11, colour: COLOUR.quiet })
  block(sheet, title, width, { size: 20, weight: 'bold' })
  sheet.y += 6
  doc.rect(MARGIN.left, sheet.y, sheet.content, 2).fill(COLOUR.accent)
  sheet.y += 10
  drawConditions(sheet, conditions)
  sheet.y += 12
}

function block(sheet: Sheet, text: string, width: number, kind: Style): void {
  const height = textHeight(sheet, text, width, kind)
  write(sheet, text, { x: MARGIN.left, y: sheet.y, width, height: height + 1 }, kind)
  sheet.y += height
}

/** Label and value side by side, as many on a line as fit. */
function drawConditions(sheet: Sheet, conditions: Condition[]): void {
  let x = 0
  for (const { label, value } of conditions) {
    const name = text.report.condition(label)
    const nameWidth = textWidth(sheet, name) + 1
    const valueWidth = Math.min(textWidth(sheet, value) + 1, sheet.content - nameWidth)
    if (x > 0 && x + nameWidth + valueWidth > sheet.content) {
      x = 0
      sheet.y += 16
    }
    const height = textHeight(sheet, value, valueWidth)
    write(sheet, name, { x: MARGIN.left + x, y: sheet.y, width: nameWidth, height: 16 }, { colour: COLOUR.quiet })
    write(sheet, value, { x: MARGIN.left + x + nameWidth, y: sheet.y, width: valueWidth, height: height + 1 })
    x += nameWidth + valueWidth + 22
    if (height > 16) {
      x = 0
      sheet.y += height
    }
  }
  if (x > 0) sheet.y += 16
}

/** Who made the report, when, and the page's number, on every page; characters the font lacks on the last. */
export function drawFeet(sheet: Sheet, madeBy: string, madeAt: Date): void {
  const { doc } = sheet
  const { count } = doc.bufferedPageRange()
  const made = `${text.report.madeBy(madeBy)}    ${text.report.madeAt(chinaMinute(madeAt) ?? '')}`
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page)
    const y = sheet.height - 40
    doc
      .moveTo(MARGIN.left, y - 6)
      .lineTo(sheet.width - MARGIN.right, y - 6)
      .lineWidth(0.5)
      .stroke(COLOUR.line)
    const box = { x: MARGIN.left, y, width: sheet.content - 120, height: 13 }
    write(sheet, made, box, { size: 8, colour: COLOUR.quiet })
    const right = { x: sheet.width - MARGIN.right - 120, y, width: 120, height: 13 }
    write(sheet, text.report.page(page + 1, count), right, { size: 8, colour: COLOUR.quiet, align: 'right' })
  }
  drawMissingGlyphs(sheet)
}

function drawMissingGlyphs(sheet: Sheet): void {
  const notes = sheet.glyphs.notes()
  if (notes.length === 0) return
  const kind = { size: 7.5, colour: COLOUR.quiet }
  write(
    sheet,
    text.report.missingGlyphs(notes),
    { x: MARGIN.left, y: sheet.height - 27, width: sheet.content, height: 20 },
    kind,
  )
}
