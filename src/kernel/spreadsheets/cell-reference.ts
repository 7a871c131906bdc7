import { SpreadsheetError } from './errors.ts'

/** 0 for A1, 26 for AA1; throws `damaged` for what begins with no letter. */
export function columnOf(reference: string): number {
  let column = 0
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~32
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  if (column === 0) throw new SpreadsheetError('damaged', `no cell reference: ${reference.slice(0, 20)}`)
  return column - 1
}
