import { singleLine } from '../../kernel/china/text.ts'
import type { Reference } from '../../kernel/reference.ts'
import { type FieldKind, line } from '../../kernel/web/fields.ts'
import { text } from '../../texts/index.ts'

/** A comma parts several names in a form, so none may stand in one. */
export const separators = /[,\uFF0C\u3001;\uFF1B\n]/
export const longestName = 20

/** One line without separators. */
export const tagName: FieldKind = {
  ...line,
  parse: (typed) => singleLine(singleLine(typed).split(separators).join(' ')),
}

/** All tags, for a field or a filter. */
export const tagOptions = (reference: Reference) =>
  reference.tags.map(({ id, name, tone }) => ({ value: String(id), label: name, tone }))

export const tones = () =>
  Object.entries(text.dictionaries.tones).map(([value, label]) => ({ value, label, tone: value }))
