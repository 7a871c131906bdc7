import { SpreadsheetError } from './errors.ts'
import type { ReadLimits } from './limits.ts'
import type { TableRow } from './table-row.ts'

/** Leaves out empty rows, and ends at too many of them in one run. Throws `too-large` for more than a file may have. */
export async function* filledRows(
  rows: AsyncIterable<TableRow> | Iterable<TableRow>,
  limits: ReadLimits,
): AsyncGenerator<TableRow> {
  let empty = 0
  let count = 0
  let characters = 0
  for await (const row of rows) {
    empty = row.cells.length === 0 ? empty + 1 : 0
    if (empty > limits.emptyRows) return
    if (empty > 0) continue
    for (const { length } of row.cells) characters += length
    if (++count > limits.rows || characters > limits.fileCharacters)
      throw new SpreadsheetError('too-large', `${count} rows of ${characters} characters`)
    yield row
  }
}
