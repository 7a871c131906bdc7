import { startOf, utf16Of } from './csv-lines.ts'
import { SpreadsheetError } from './errors.ts'
import { assertZip } from './file-kind.ts'
import type { ReadLimits } from './limits.ts'
import { readCsv } from './read-csv.ts'
import { readXlsx } from './read-xlsx.ts'
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
 * The rows of a spreadsheet or a csv file, decided by its content, not by its name. Throws SpreadsheetError: `not-table`
 * for what is neither, else as readXlsx and readCsv.
 */
export async function* readTable(path: string, limits: Partial<ReadLimits> = {}): AsyncGenerator<TableRow> {
  const start = await startOf(path, LOOKED_AT)
  const hex = start.toString('hex', 0, 4)
  if (PACKAGES.some((beginning) => hex.startsWith(beginning))) {
    await assertZip(path)
    yield* readXlsx(path, limits)
    return
  }
  if (OTHERS.some((beginning) => hex.startsWith(beginning)) || !isText(start))
    throw new SpreadsheetError('not-table', `a file that begins with ${hex}`)
  yield* readCsv(path, limits)
}

function isText(start: Buffer): boolean {
  if (utf16Of(start)) return true
  const controls = start.filter((byte) => (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f)
  return controls.length * 100 <= start.length * CONTROL_SHARE
}
