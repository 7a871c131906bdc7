import { SpreadsheetError } from '../../../kernel/spreadsheets/errors.ts'
import { Refusal } from '../../../kernel/web/refusal.ts'
import { text } from '../../../texts/index.ts'

/** What is wrong with a file that cannot be read, as a sentence; undefined for any other error. */
export function fileProblem(error: unknown): string | undefined {
  if (error instanceof SpreadsheetError) return text.imports.problems[error.code]
  if (error instanceof Refusal) return error.message
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return text.imports.fileMissing
  return undefined
}
