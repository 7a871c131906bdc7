import { text } from '../../texts/index.ts'
import { mistakeShown } from './field-rules.ts'
import type { Field } from './fields.ts'
import type { Column } from './list.ts'

/** Says in a file that a wrong value was kept on purpose. */
export const keptColumn = (field: Field, { name, label }: NonNullable<Field['keep']>): Column => ({
  name,
  label,
  kind: 'text',
  cell: (row) => ({ text: row[field.name] && mistakeShown(field, row[field.name]) ? text.form.yes : '' }),
})
