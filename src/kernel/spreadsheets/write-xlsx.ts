import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { cleanText } from './clean-text.ts'
import type { RowSource, SheetColumn } from './columns.ts'
import { createRowWriter, escapeXml, sheetEnd, sheetStart } from './sheet-xml.ts'
import { workbookParts } from './workbook-xml.ts'

const LAST_ROW = 1_048_576

/** How many rows a sheet takes below its headings. */
export const mostRows = LAST_ROW - 1
const CHUNK_CHARACTERS = 64 * 1024
const COMPRESSION_LEVEL = 4

/** The columns fit so many of the first rows; where more follow, those of texts have room for what these may hold. */
const MEASURED_ROWS = 2000

/**
 * An .xlsx file of one sheet as a stream: the head bold, frozen and with arrows to filter by, text always stored as text (no formulas), money with
 * two decimals, days and instants as real dates. Rows are taken as fast as the stream is read; an error of theirs ends
 * the stream with it, and a stream that is destroyed ends the rows. More than 1,048,575 rows are an error.
 */
export function writeXlsx(columns: SheetColumn[], rows: RowSource, sheetName: string): Readable {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  const sheet = Readable.from(sheetChunks(columns, rows), { objectMode: false })
  for (const [path, xml] of Object.entries(workbookParts(escapeXml(sheetNameOf(sheetName))))) {
    zip.addBuffer(Buffer.from(xml), path)
  }
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', { compressionLevel: COMPRESSION_LEVEL })
  zip.end()
  zip.on('error', (error: Error) => output.destroy(error))
  sheet.on('error', (error) => output.destroy(error))
  output.on('close', () => sheet.destroy())
  return output
}

async function* sheetChunks(columns: SheetColumn[], source: RowSource): AsyncGenerator<string> {
  const rowXml = createRowWriter(columns)
  let number = 1
  let xml = ''
  for await (const rows of measured(source)) {
    if (number === 1) xml = sheetStart(columns, rows, rows.length < MEASURED_ROWS)
    for (const row of rows) {
      if (++number > LAST_ROW) throw new RangeError(`an Excel sheet ends at row ${LAST_ROW}`)
      xml += rowXml(row, number)
    }
    if (xml.length < CHUNK_CHARACTERS) continue
    yield xml
    xml = ''
  }
  yield xml + sheetEnd(columns, number)
}

/** Rows by which the columns are measured, at once, perhaps none; then one by one. */
async function* measured(source: RowSource): AsyncGenerator<unknown[][]> {
  let first: unknown[][] | undefined = []
  for await (const row of source) {
    if (!first) yield [row]
    else if (first.push(row) === MEASURED_ROWS) {
      yield first
      first = undefined
    }
  }
  if (first) yield first
}

/** Excel refuses names over 31 characters, with one of []:*?/\ or with an apostrophe at either end. */
function sheetNameOf(name: string): string {
  const allowed = cleanText(name)
    .replace(/[[\]:*?/\\\t\n]/g, ' ')
    .trim()
    .slice(0, 31)
  return allowed.toWellFormed().replace(/^'+|'+$/g, '') || 'Sheet1'
}
