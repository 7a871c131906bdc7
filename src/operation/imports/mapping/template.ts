import { writeXlsx } from '../../../kernel/spreadsheets/write-xlsx.ts'
import type { ImportKind } from '../kind.ts'

/** An empty sheet with the headings an import knows, in the order of the form, and its name. */
export function templateFile({ targets, words: { templateName: name } }: ImportKind) {
  const columns = targets
    .filter(({ isUntold }) => !isUntold)
    .map(({ label, isNeeded }) => ({ label: `${label}${isNeeded ? '*' : ''}`, kind: 'text' as const }))
  return { name, file: writeXlsx(columns, [], name) }
}
