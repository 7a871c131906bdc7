import type { ReadLimits } from './limits.ts'
import type { RowProblem } from './table-row.ts'

/** One row of a csv file before its cells are read; over several lines where quotes hold line breaks. */
export type CsvRecord = { text: string; problem?: RowProblem }

type Line = { text: string; isOther: boolean }

/** A quoted cell of more lines is a quote that nobody closed. */
const LINES_OF_A_ROW = 500

/**
 * Puts lines together to rows. A quote that is not closed, or closed before other text, spoils its own line alone: the
 * next row begins with the next line. (csv-parse would take everything up to the next quote, or the end of the file.)
 * Each line is looked at once, and once more when the one before was given up.
 */
export function createRecords(separator: string, { rowCharacters }: ReadLimits) {
  let records: CsvRecord[] = []
  let waiting: Line[] = []
  let characters = 0

  function take(line: Line) {
    const isInside = waiting.length > 0
    const state = quotesOf(line.text, separator, isInside)
    waiting.push(line)
    characters += line.text.length
    if (state === 'closed') {
      records.push(recordOf(waiting))
      clear()
    } else if (state === 'broken' || waiting.length > LINES_OF_A_ROW || characters > rowCharacters) giveUp()
  }

  function clear() {
    waiting = []
    characters = 0
  }

  function giveUp() {
    const [first, ...others] = waiting as [Line, ...Line[]]
    records.push({ text: first.text, problem: 'quotes' })
    clear()
    for (const line of others) take(line)
  }

  return {
    take,
    /** The rows that are complete since the last call. */
    done(): CsvRecord[] {
      const done = records
      records = []
      return done
    },
    /** After the last line. */
    end() {
      while (waiting.length > 0) giveUp()
    },
  }
}

const textOf = (lines: Line[]) => lines.map(({ text }) => text).join('\n')

const recordOf = (lines: Line[]): CsvRecord =>
  lines.some(({ isOther }) => isOther) ? { text: textOf(lines), problem: 'encoding' } : { text: textOf(lines) }

/**
 * Whether the quoted cells of a line end where they should; a quote inside a cell without quotes is a sign like others.
 * `isInside`: the line begins inside a quoted cell.
 */
function quotesOf(text: string, separator: string, isInside: boolean): 'closed' | 'open' | 'broken' {
  if (!text.includes('"')) return isInside ? 'open' : 'closed'
  let at = 0
  for (let inQuotes = isInside; inQuotes || at < text.length; inQuotes = false) {
    if (!inQuotes && text[at] !== '"') {
      const next = text.indexOf(separator, at)
      if (next < 0) return 'closed'
      at = next + 1
      continue
    }
    const end = endOfQuoted(text, inQuotes ? at : at + 1)
    if (end < 0) return 'open'
    if (end + 1 < text.length && text[end + 1] !== separator) return 'broken'
    at = end + 2
  }
  return 'closed'
}

/** Where the quote that closes a cell is; two of them stand for one sign. */
function endOfQuoted(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}
