export type RowProblem = 'quotes' | 'encoding'

/** One row of a csv file before its cells are read; over several lines where quotes hold line breaks. */
export type CsvRecord = { text: string; problem?: RowProblem }

type Line = { text: string; isOther: boolean }

/** A quoted cell of more lines is a quote that nobody closed. */
const LINES_OF_A_ROW = 500

/**
 * Puts lines together to rows. A quote that is not closed, or closed before other text, spoils its own line alone: the
 * next row begins with the next line. (csv-parse would take everything up to the next quote, or the end of the file.)
 */
export function createRecords(separator: string) {
  let records: CsvRecord[] = []
  let waiting: Line[] = []

  function take(line: Line) {
    if (waiting.length === 0 && !line.text.includes('"')) {
      records.push(recordOf([line]))
      return
    }
    waiting.push(line)
    if (waiting.length === 1 || line.text.includes('"')) settle()
    else if (waiting.length > LINES_OF_A_ROW) giveUp()
  }

  function settle() {
    const state = quotesOf(textOf(waiting), separator)
    if (state === 'broken' || (state === 'open' && waiting.length > LINES_OF_A_ROW)) giveUp()
    else if (state === 'closed') {
      records.push(recordOf(waiting))
      waiting = []
    }
  }

  function giveUp() {
    const [first, ...others] = waiting as [Line, ...Line[]]
    records.push({ text: first.text, problem: 'quotes' })
    waiting = []
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

/** Whether the quoted cells of a text end where they should; a quote inside a cell without quotes is a sign like others. */
function quotesOf(text: string, separator: string): 'closed' | 'open' | 'broken' {
  let at = 0
  while (at < text.length) {
    if (text[at] !== '"') {
      const next = text.indexOf(separator, at)
      if (next < 0) return 'closed'
      at = next + 1
      continue
    }
    const end = endOfQuoted(text, at + 1)
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
