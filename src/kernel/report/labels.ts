import { text } from '../../texts/index.ts'

const NARROW = 0.58

/** The width of a text in ems, near enough to break lines without a font: letters and digits narrow, hanzi one em. */
export function widthOf(text: string): number {
  let width = 0
  for (const sign of text) width += sign <= '\u2e7f' ? NARROW : 1
  return width
}

/** A label broken into at most `most` lines of `room` ems; what does not fit ends in an ellipsis. */
export function fitLabel(label: string, room: number, most: number): string {
  const lines = ['']
  for (const sign of label.replace(/\s+/g, ' ').trim()) {
    const line = lines.at(-1) ?? ''
    const isFull = widthOf(line + sign) > room
    if (isFull && lines.length === most) {
      lines[lines.length - 1] = shorten(line, room)
      break
    }
    if (isFull) lines.push(sign)
    else lines[lines.length - 1] = line + sign
  }
  return lines.join('\n')
}

function shorten(line: string, room: number): string {
  const signs = [...line]
  while (signs.length > 0 && widthOf(signs.join('')) + 1 > room) signs.pop()
  return signs.join('').trimEnd() + text.report.ellipsis
}
