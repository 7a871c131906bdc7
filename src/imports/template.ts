import { customerFields } from '../customers/fields.ts'
import { writeXlsx } from '../spreadsheets/write-xlsx.ts'
import { text } from '../texts/index.ts'

/** An empty sheet with the headings an import knows, in the order of the form. */
export const templateFile = () =>
  writeXlsx(
    customerFields.map(({ label, isRequired, name }) => ({
      label: `${label}${isRequired && name === 'name' ? '*' : ''}`,
      kind: 'text',
    })),
    [],
    text.imports.templateName,
  )
