import { singleLine } from '../../kernel/china/text.ts'
import type { Reference } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { code, type Field, type FieldKind, line } from '../../kernel/web/fields.ts'
import type { RecordKind } from '../../kernel/web/record.ts'

/** A comma parts several names in a form, so none may stand in one. */
export const separators = /[,\uFF0C\u3001;\uFF1B\n]/

/** One line without separators. */
const name: FieldKind = {
  ...line,
  parse: (typed) => singleLine(singleLine(typed).split(separators).join(' ')),
}

export const nameField: Field = { name: 'name', label: text.tags.fields.name, kind: name, max: 20, isRequired: true }

/** All tags, for a field or a filter. */
export const tagOptions = (reference: Reference) =>
  reference.tags.map(({ id, name, tone }) => ({ value: String(id), label: name, tone }))

const tones = () => Object.entries(text.dictionaries.tones).map(([value, label]) => ({ value, label, tone: value }))

export const tagFields: Field[] = [
  nameField,
  { name: 'tone', label: text.tags.fields.tone, kind: code, options: tones },
]

export const tagKind: RecordKind = { table: 'tags', fields: tagFields, nameOf: (row) => String(row.name) }
