import { startOf, utf16Of } from './csv-lines.ts'
import { SpreadsheetError } from './errors.ts'
import { READ_LIMITS, type ReadLimits } from './limits.ts'
import { openCsv } from './read-csv.ts'
import { openXlsx } from './read-xlsx.ts'
import type { Table, TableLook, TableSource } from './table.ts'
import type { TableRow } from './table-row.ts'

const LOOKED_AT = 64 * 1024

/** How many of a hundred bytes may be control characters in a text; programs and pictures have far more. */
const CONTROL_SHARE = 5

/** The beginnings, in hex, of files that are neither: programs, PDF, pictures, archives. */
const OTHERS = [
  '4d5a',
  '7f454c46',
  'cafebabe',
  '25504446',
  '89504e47',
  'ffd8ff',
  '47494638',
  '52617221',
  '377abcaf',
  '1f8b',
]

const PACKAGES = ['504b', 'd0cf11e0']

/**
 * Opens a spreadsheet or a csv file, decided by its content, not by its name. Throws SpreadsheetError: `not-table` for
 * what is neither, else as openXlsx and openCsv.
 */
export async function openTable(path: string, limits: Partial<ReadLimits> = {}): Promise<Table> {
  const all = { ...READ_LIMITS, ...limits }
  const start = await startOf(path, LOOKED_AT)
  const hex = start.toString('hex', 0, 4)
  if (PACKAGES.some((beginning) => hex.startsWith(beginning))) return openXlsx(path, all)
  if (OTHERS.some((beginning) => hex.startsWith(beginning)) || !isText(start))
    throw new SpreadsheetError('not-table', `a file that begins with ${hex}`)
  return openCsv(path, all)
}

/** The rows of a file, in order and streamed. Throws as openTable. */
export async function* readTable(
  path: string,
  { sheet = 0 }: TableSource = {},
  limits: Partial<ReadLimits> = {},
): AsyncGenerator<TableRow> {
  const table = await openTable(path, limits)
  try {
    yield* table.rows(sheet)
  } finally {
    table.close()
  }
}

const LOOKED_AT_SHEETS = 20
const LOOKED_AT_CHARACTERS = 200

/** The first `count` rows of each of the first sheets, with the beginnings of their cells. Throws as openTable. */
export async function lookAtTable(path: string, count: number): Promise<TableLook> {
  const table = await openTable(path)
  try {
    const sheets: TableLook['sheets'] = []
    for (const [index, name] of table.sheets.entries())
      sheets.push({ name, rows: index < LOOKED_AT_SHEETS ? await firstRows(table.rows(index), count) : [] })
    return { sheets }
  } finally {
    table.close()
  }
}

async function firstRows(all: AsyncGenerator<TableRow>, count: number): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for await (const { number, cells } of all)
    if (rows.push({ number, cells: cells.map((cell) => cell.slice(0, LOOKED_AT_CHARACTERS).toWellFormed()) }) === count)
      break
  return rows
}

function isText(start: Buffer): boolean {
  if (utf16Of(start)) return true
  const controls = start.filter((byte) => (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f)
  return controls.length * 100 <= start.length * CONTROL_SHARE
}
