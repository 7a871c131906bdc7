import { READ_LIMITS, type ReadLimits } from './limits.ts'
import { chunksOf, openPackage, type Package } from './package.ts'
import { readSharedStrings } from './shared-strings.ts'
import { createSheetReader, type SheetContext, type SheetRow } from './sheet-reader.ts'
import { createStringTable } from './string-table.ts'
import { parseStyles } from './styles.ts'
import { readWorkbook, type Workbook } from './workbook.ts'

/**
 * The rows of the first visible sheet of an .xlsx file, in order and streamed: cells as text (see `numberText`; error
 * values are '', of a merged area the first cell has the text), empty cells at the end dropped, wholly empty rows left
 * out. Throws SpreadsheetError. Dates are 'YYYY-MM-DD' or 'YYYY-MM-DD HH:mm'.
 *
 * Why no whole library: ExcelJS (4.4.0) has had no release since 2023 and stands on old releases of unzipper, archiver
 * and saxes; read-excel-file 9 and write-excel-file 4 are kept up, but decide about dates, numbers and limits
 * themselves. So the zip is read by yauzl and written by yazl (one author, kept up, streaming, nothing native), XML is
 * read by saxen (kept up, streaming), and only the layer of cells is ours.
 */
export async function* readXlsx(path: string, limits: Partial<ReadLimits> = {}): AsyncGenerator<SheetRow> {
  const all = { ...READ_LIMITS, ...limits }
  const files = await openPackage(path, all)
  try {
    const workbook = await readWorkbook(files)
    yield* filledRows(sheetRows(files, workbook.sheet, await readContext(files, workbook, all)), all)
  } finally {
    files.close()
  }
}

async function readContext(files: Package, workbook: Workbook, limits: ReadLimits): Promise<SheetContext> {
  const { sharedStrings, styles, is1904 } = workbook
  const hasStrings = sharedStrings !== undefined && files.has(sharedStrings)
  return {
    strings: hasStrings
      ? await readSharedStrings(await files.stream(sharedStrings), limits)
      : createStringTable(limits),
    styles: styles !== undefined && files.has(styles) ? parseStyles(await files.text(styles)) : [],
    is1904,
    limits,
  }
}

async function* sheetRows(files: Package, path: string, context: SheetContext): AsyncGenerator<SheetRow> {
  const part = await files.stream(path)
  let rows: SheetRow[] = []
  let isDone = false
  const reader = createSheetReader(
    context,
    (row) => rows.push(row),
    () => {
      isDone = true
    },
  )
  try {
    for await (const chunk of chunksOf(part)) {
      reader.write(chunk)
      yield* rows
      rows = []
      if (isDone) return
    }
    reader.end()
  } finally {
    part.destroy()
  }
}

/** Leaves out empty rows, and ends at too many of them in one run. */
export async function* filledRows<R extends SheetRow>(rows: AsyncGenerator<R>, limits: ReadLimits): AsyncGenerator<R> {
  let empty = 0
  for await (const row of rows) {
    empty = row.cells.length === 0 ? empty + 1 : 0
    if (empty > limits.emptyRows) return
    if (empty === 0) yield row
  }
}
