import { readXlsx } from '../spreadsheets/read-xlsx.ts'
import type { SheetRow } from '../spreadsheets/sheet-reader.ts'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import { type Headings, readHeadings } from './headings.ts'

/** A title or a note may stand above the headings. */
const rowsBeforeHeadings = 10

export type Sheet = { headings: Headings; rows: AsyncGenerator<SheetRow> }

/**
 * Reads a file up to its headings; `rows` are those below, streamed, and must be read to the end or returned. Throws
 * SpreadsheetError, or a Refusal at `file` when the headings are missing or one comes twice.
 */
export async function openSheet(path: string): Promise<Sheet> {
  const rows = readXlsx(path)
  try {
    return { headings: await headingsOf(rows), rows }
  } catch (error) {
    await rows.return(undefined)
    throw error
  }
}

async function headingsOf(rows: AsyncGenerator<SheetRow>): Promise<Headings> {
  for (let count = 0; count < rowsBeforeHeadings; count++) {
    const { value: row, done } = await rows.next()
    if (done) throw refused(count === 0 ? text.imports.emptySheet : text.imports.noName)
    const headings = readHeadings(row.cells)
    if (headings && 'twice' in headings) throw refused(text.imports.twice(...headings.twice))
    if (headings) return headings
  }
  throw refused(text.imports.noName)
}

const refused = (message: string) => new Refusal({ message, field: 'file' })

/** Looks whether a file can be checked at all, and answers its unknown headings. Throws like openSheet, and without any row. */
export async function inspectSheet(path: string): Promise<string[]> {
  const { headings, rows } = await openSheet(path)
  const { done } = await rows.next()
  await rows.return(undefined)
  if (done) throw refused(text.imports.noRows)
  return headings.unknown
}

/** The rows in groups of `size`, the last one smaller. */
export async function* batchesOf(rows: AsyncGenerator<SheetRow>, size: number): AsyncGenerator<SheetRow[]> {
  let batch: SheetRow[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
