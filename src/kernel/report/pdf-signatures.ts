import { text } from '../../texts/index.ts'
import { COLOUR, MARGIN, makeRoom, type Sheet, write } from './sheet.ts'

/** A sentence, and below it a box for each of those who put their name to it. */
export type Signatures = { sentence: string; people: string[] }

const PER_ROW = 3
const GAP = 10
const HEIGHT = 74

/** Boxes to sign in, three in a row; a row is not torn apart by the end of a page. */
export function drawSignatures(sheet: Sheet, { sentence, people }: Signatures): void {
  makeRoom(sheet, 30 + HEIGHT)
  sheet.y += 14
  write(sheet, sentence, { x: MARGIN.left, y: sheet.y, width: sheet.content, height: 16 }, { weight: 'bold' })
  sheet.y += 20
  const width = (sheet.content - GAP * (PER_ROW - 1)) / PER_ROW
  for (let at = 0; at < people.length; at += PER_ROW) {
    makeRoom(sheet, HEIGHT)
    for (const [place, person] of people.slice(at, at + PER_ROW).entries())
      drawBox(sheet, person, MARGIN.left + place * (width + GAP), width)
    sheet.y += HEIGHT + GAP
  }
}

function drawBox(sheet: Sheet, person: string, x: number, width: number): void {
  const { y } = sheet
  sheet.doc.rect(x, y, width, HEIGHT).lineWidth(0.7).stroke(COLOUR.dark)
  write(sheet, person, { x: x + 7, y: y + 6, width: width - 14, height: 15 })
  const day = { x: x + 7, y: y + HEIGHT - 19, width: width - 14, height: 15 }
  write(sheet, text.report.signedOn, day, { size: 9, colour: COLOUR.quiet })
}
