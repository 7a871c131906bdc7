import { SpreadsheetError } from './errors.ts'
import { filledRows } from './filled-rows.ts'
import type { ReadLimits } from './limits.ts'
import { mergedAreasIn } from './merged-cells.ts'
import { openPackage, type Package } from './package.ts'
import { readSharedStrings } from './shared-strings.ts'
import { createSheetReader, type SheetContext } from './sheet-reader.ts'
import { createStringTable } from './string-table.ts'
import { parseStyles } from './styles.ts'
import type { Table } from './table.ts'
import type { TableRow } from './table-row.ts'
import { readWorkbook, type Workbook } from './workbook.ts'

/**
 * Opens an .xlsx file. The rows of a sheet that can be seen come in order and streamed: cells as text (see `numberText`; error values are
 * '', a merged area has its value in each of its rows, in the first column), empty cells at the end dropped, wholly empty
 * rows left out. Throws SpreadsheetError. Dates are 'YYYY-MM-DD' or 'YYYY-MM-DD HH:mm'.
 *
 * Why no whole library: ExcelJS (4.4.0) has had no release since 2023 and stands on old releases of unzipper, archiver
 * and saxes; SheetJS (0.20.3) holds the whole file in memory, 848 MB for 100,000 rows that take 124 MB here. So the zip is
 * read by yauzl and written by yazl (one author, kept up, streaming, nothing native), XML is read by saxen (kept up,
 * streaming), and only the layer of cells is ours; test/kernel/spreadsheets/differential.ts holds it to what SheetJS reads.
 */
export async function openXlsx(path: string, limits: ReadLimits): Promise<Table> {
  const files = await openPackage(path, limits)
  try {
    const workbook = await readWorkbook(files)
    const sheets = workbook.sheets.slice(0, limits.sheets)
    let context: Promise<SheetContext> | undefined
    async function* rows(index: number) {
      const sheet = sheets[index]
      if (!sheet) throw new SpreadsheetError('no-sheet', `no sheet ${index}`)
      context ??= readContext(files, workbook, limits)
      yield* filledRows(sheetRows(files, sheet.path, await context), limits)
    }
    return { kind: 'xlsx', sheets: sheets.map(({ name }) => name), rows, close: () => files.close() }
  } catch (error) {
    files.close()
    throw error
  }
}

async function readContext(files: Package, workbook: Workbook, limits: ReadLimits): Promise<SheetContext> {
  const { sharedStrings, styles, is1904 } = workbook
  const hasStrings = sharedStrings !== undefined && files.has(sharedStrings)
  return {
    strings: hasStrings ? await readSharedStrings(files.chunks(sharedStrings), limits) : createStringTable(limits),
    styles: styles !== undefined && files.has(styles) ? parseStyles(await files.text(styles)) : [],
    is1904,
    limits,
  }
}

async function* sheetRows(files: Package, path: string, context: SheetContext): AsyncGenerator<TableRow> {
  const merged = await mergedAreasIn(files, path, context.limits)
  let rows: TableRow[] = []
  let isDone = false
  const reader = createSheetReader(
    context,
    merged,
    (row) => rows.push(row),
    () => {
      isDone = true
    },
  )
  for await (const chunk of files.chunks(path)) {
    reader.write(chunk)
    yield* rows
    rows = []
    if (isDone) return
  }
  reader.end()
}
