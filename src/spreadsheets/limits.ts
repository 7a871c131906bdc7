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
  /** Characters between two tags: longer ones are no cell text (Excel's own limit is 32,767). */
  tokenCharacters: number
  columns: number
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
  tokenCharacters: MEBIBYTE,
  columns: 1_000,
  emptyRows: 50_000,
}
