import { stat } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { cleanText } from './clean-text.ts'
import { type CsvRecord, createRecords } from './csv-records.ts'
import { namedSeparator, separatorOf } from './csv-separator.ts'
import { SpreadsheetError } from './errors.ts'
import { filledRows } from './filled-rows.ts'
import type { ReadLimits } from './limits.ts'
import { createRowBuilder } from './row-builder.ts'
import type { Table } from './table.ts'
import type { TableRow } from './table-row.ts'
import { decodeLine, encodingOf, type TextEncoding } from './text-encoding.ts'
import { linesOf } from './text-lines.ts'
import { GUARDED_FORMULA, TABBED } from './write-csv.ts'

/**
 * Opens a .csv file: its rows as openXlsx gives those of a sheet; `number` counts rows, not lines.
 * Finds the encoding (UTF-8, UTF-16, GB18030, Big5) unless it is told, and the separator (comma, semicolon, tab, bar) by
 * itself. A row with broken quotes or in another encoding than the file has a `problem` and spoils no other. The
 * apostrophe and the tab that writeCsv puts before what Excel would change are taken off again. Throws SpreadsheetError `too-large`.
 */
export async function openCsv(path: string, limits: ReadLimits, asked?: TextEncoding): Promise<Table> {
  const { size } = await stat(path)
  if (size > limits.inflatedBytes) throw new SpreadsheetError('too-large', `${size} bytes`)
  const text = await encodingOf(path, limits)
  const rows = () => filledRows(numbered(recordsOf(path, limits, asked ?? text.encoding), limits), limits)
  return { kind: 'csv', sheets: [''], text, rows, close: () => {} }
}

type Batch = { separator: string; records: CsvRecord[] }

async function* recordsOf(path: string, limits: ReadLimits, encoding: TextEncoding): AsyncGenerator<Batch> {
  let separator: string | undefined
  let records = createRecords(',', limits)
  for await (const bytes of linesOf(path, limits, encoding)) {
    const lines = bytes.map((line) => decodeLine(line, encoding))
    if (separator === undefined) {
      const named = namedSeparator(lines[0]?.text ?? '')
      if (named) lines.shift()
      separator = named ?? separatorOf(lines.map(({ text }) => text))
      records = createRecords(separator, limits)
    }
    for (const line of lines) records.take(line)
    yield { separator, records: records.done() }
  }
  records.end()
  if (separator) yield { separator, records: records.done() }
}

async function* numbered(batches: AsyncGenerator<Batch>, limits: ReadLimits): AsyncGenerator<TableRow> {
  let number = 0
  const builder = createRowBuilder(limits)
  for await (const { separator, records } of batches) {
    for (const [index, cells] of cellsOf(records, separator).entries()) {
      builder.begin(++number)
      for (const [column, cell] of cells.entries()) builder.place(column, cellText(cell))
      const row = builder.end()
      const { problem } = records[index] as CsvRecord
      yield problem ? { ...row, problem } : row
    }
  }
}

/** The cells of all rows; of one with broken quotes they are parted at every separator. */
function cellsOf(records: CsvRecord[], separator: string): string[][] {
  const isSound = ({ text, problem }: CsvRecord) => text !== '' && problem !== 'quotes'
  const sound: string[][] = parse(joined(records.filter(isSound)), {
    delimiter: separator,
    record_delimiter: '\r\n',
    relax_column_count: true,
    relax_quotes: true,
  })
  let next = 0
  return records.map((record) => {
    if (isSound(record)) return sound[next++] as string[]
    return record.text === '' ? [] : record.text.split(separator)
  })
}

const joined = (records: CsvRecord[]) => records.map(({ text }) => text).join('\r\n')
const cellText = (cell: string) =>
  cleanText(GUARDED_FORMULA.test(cell) || TABBED.test(cell) ? cell.slice(1) : bare(cell))

/** Other programs write `="010020"`, so that Excel keeps the zero. */
const bare = (cell: string) => (cell.startsWith('="') ? cell.replace(/^="([^"]*\d[^"]*)"$/, '$1') : cell)
