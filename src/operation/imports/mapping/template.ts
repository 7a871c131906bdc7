import { writeXlsx } from '../../../kernel/spreadsheets/write-xlsx.ts'
import { text } from '../../../kernel/texts/index.ts'
import { type ImportKind, isKeepBox, targetsOf } from './targets.ts'

const names = { customers: text.imports.templateName, contacts: text.imports.contactTemplateName }

/** An empty sheet with the headings an import knows, in the order of the form, and its name. */
export function templateFile(kind: ImportKind) {
  const targets = targetsOf[kind].filter(({ name, field }) => field && !isKeepBox(name))
  const isNeeded = (key: string) => key === 'customer.name' || (kind === 'contacts' && key === 'contact.name')
  const columns = targets.map(({ key, label }) => ({
    label: `${label}${isNeeded(key) ? '*' : ''}`,
    kind: 'text' as const,
  }))
  return { name: names[kind], file: writeXlsx(columns, [], names[kind]) }
}
