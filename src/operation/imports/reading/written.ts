import { text } from '../../../texts/index.ts'
import type { Targets } from '../kind.ts'
import type { Texts } from './row.ts'

/** Words, blanks and further numbers may stand around what a field keeps: a cell may be so many times as long. */
const timesOfField = 10
/** Of a field that keeps no text: names of options, days and numbers are shorter. */
const usualLength = 100

/** Notes a reason against the row. */
type Refuse = (label: string, written: string, message: string) => void

/**
 * What stands in the cells of a row, by what their columns are. A cell far longer than its field is a reason against the
 * row before anybody looks into it, and its beginning is all that is read: rules of many numbers or addresses in one cell
 * would take minutes over Excel's 32,767 characters.
 */
export function writtenIn(cells: string[], targets: Targets, refuse: Refuse): Texts {
  const written: Texts = {}
  for (const [index, target] of targets.entries()) {
    const cell = target && cells[index]
    if (!cell) continue
    const length = target.field?.max ?? usualLength
    const isLong = cell.length > length * timesOfField
    written[target.key] = isLong ? cell.slice(0, length + 1).toWellFormed() : cell
    if (isLong) refuse(target.label, cell, text.form.tooLong(length))
  }
  return written
}
