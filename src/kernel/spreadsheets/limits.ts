/** What one reading may cost; the guard against zip bombs and files made by accident. */
export interface ReadLimits {
  /** Sum of the inflated sizes of the parts that are read, in bytes. */
  inflatedBytes: number
  /** Inflated by compressed size of one part; checked only on parts above `ratioFreeBytes`. */
  ratio: number
  ratioFreeBytes: number
  /** Inflated size of the small parts (workbook, relations, styles), which are read whole, in bytes. */
  smallPartBytes: number
  sharedStrings: number
  sharedStringBytes: number
  /** Size of a file that a library reads whole, and of its inflated parts. */
  oldFileBytes: number
  oldInflatedBytes: number
  /** Characters between two tags, and bytes of a line of text. */
  tokenCharacters: number
  /** Excel's own limit for the text of a cell; rows with more are marked. */
  cellCharacters: number
  /** Of the text of a row with all its cells; rows with more are marked. */
  rowCharacters: number
  /** Of the text of all rows: a small file can name one long text again and again. */
  fileCharacters: number
  columns: number
  /** Excel's own limit, so that a check has an end in memory and time. */
  rows: number
  /** Merged areas over several rows. */
  mergedAreas: number
  /** Sheets that can be chosen from. */
  sheets: number
  /** Wholly empty rows in one run after which the sheet counts as ended (formatted rows below the data). */
  emptyRows: number
}

const MEBIBYTE = 1024 * 1024

export const READ_LIMITS: ReadLimits = {
  inflatedBytes: 1024 * MEBIBYTE,
  ratio: 200,
  ratioFreeBytes: 16 * MEBIBYTE,
  smallPartBytes: 16 * MEBIBYTE,
  sharedStrings: 5_000_000,
  sharedStringBytes: 256 * MEBIBYTE,
  oldFileBytes: 64 * MEBIBYTE,
  oldInflatedBytes: 256 * MEBIBYTE,
  tokenCharacters: MEBIBYTE,
  cellCharacters: 32_767,
  rowCharacters: 256 * 1024,
  fileCharacters: 1024 * MEBIBYTE,
  columns: 1_000,
  rows: 1_048_576,
  mergedAreas: 500_000,
  sheets: 50,
  emptyRows: 50_000,
}
