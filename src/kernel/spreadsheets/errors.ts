/** Why a spreadsheet cannot be read: the caller maps each code to a sentence for the person. */
export type SpreadsheetErrorCode =
  | 'not-xlsx'
  | 'encrypted'
  | 'damaged'
  | 'too-large'
  | 'no-sheet'
  | 'not-table'
  | 'too-costly'

/** A file that cannot be read as a spreadsheet; `message` is for the log, `code` for the caller. */
export class SpreadsheetError extends Error {
  override name = 'SpreadsheetError'
  code: SpreadsheetErrorCode

  constructor(code: SpreadsheetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
