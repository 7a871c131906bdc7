import { cleanText } from '../../../kernel/china/text.ts'
import { rowsApart } from '../../../kernel/spreadsheets/apart.ts'
import type { TableRow } from '../../../kernel/spreadsheets/table-row.ts'
import { text } from '../../../texts/index.ts'
import type { Columns } from '../import.ts'
import { type Stray, strayFinder } from './strays.ts'
import { type Lined, together } from './together.ts'

/** Where rows are read, and the targets that name a record. */
export type Source = { path: string; columns: Omit<Columns, 'examples'>; naming: string[]; lined?: Lined | undefined }

/** A row below the headings of a file; `stray` says why it is no record, `more` are those behind it that go on with it. */
export type FileRow = TableRow & { stray?: Stray; more?: Pick<TableRow, 'number' | 'cells'>[] }

const words = new Set(text.imports.dittos)
const longestWord = 8

const isDitto = (cell: string) => cell.length <= longestWord && words.has(cell.replace(/\s/g, ''))

/**
 * The rows below the headings of a file, one way for whoever reads them: cells are clean, and what says "as above" is
 * what stands above it. Throws as `rowsApart`.
 */
export const recordsBelow = (source: Source): AsyncGenerator<FileRow> =>
  source.lined ? together(rowsBelow(source), source.columns.targets, source.lined) : rowsBelow(source)

async function* rowsBelow({ path, columns, naming }: Source): AsyncGenerator<FileRow> {
  const strayIn = strayFinder(columns, naming)
  let above: string[] | undefined
  for await (const row of rowsApart(path, columns.source)) {
    if (row.number <= columns.row) continue
    const cells = row.cells.map((cell) => cleanText(cell).trim())
    const stray = strayIn(cells)
    if (stray) {
      yield { ...row, cells, stray }
      continue
    }
    if (!cells.some(isDitto)) {
      above = cells
      yield { ...row, cells }
    } else if (above) {
      above = cells.map((cell, index) => (isDitto(cell) ? (above?.[index] ?? '') : cell))
      yield { ...row, cells: above }
    } else yield { ...row, cells, stray: 'ditto' }
  }
}

/** A batch stands in memory several times over: rows of long texts come in smaller ones. */
const charactersOfBatch = 1_000_000

/** Those from row `first` on, in groups of `size` at most. */
export async function* batchesFrom(
  source: Source,
  { first, size }: { first: number; size: number },
): AsyncGenerator<FileRow[]> {
  let batch: FileRow[] = []
  let characters = 0
  for await (const row of recordsBelow(source)) {
    if (row.number < first) continue
    batch.push(row)
    for (const { cells } of [row, ...(row.more ?? [])]) for (const { length } of cells) characters += length
    if (batch.length < size && characters < charactersOfBatch) continue
    yield batch
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield batch
}
