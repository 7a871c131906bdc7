import type { Reference } from '../../kernel/reference.ts'
import { check, code, type Field, integer, line } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, fieldError, formView, readForm, type Values } from '../../kernel/web/form.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'

const { fields: labels, hints, tones } = text.dictionaries

const label: Field = { name: 'label', label: labels.label, kind: line, max: 60, isRequired: true }
const isDefault: Field = { name: 'is_default', label: labels.is_default, kind: check, hint: hints.is_default }
const isActive: Field = { name: 'is_active', label: labels.is_active, kind: check, hint: hints.is_active }
const toneOptions = () => Object.entries(tones).map(([value, label]) => ({ value, label, tone: value }))
const tone: Field = { name: 'tone', label: labels.tone, kind: code, options: toneOptions, isWide: true }

/** An entry of a dictionary as a form has it. */
export const entryFields: Field[] = [
  label,
  { name: 'code', label: labels.code, kind: line, max: 20, hint: hints.code },
  tone,
  isDefault,
  isActive,
]

/** Entries keep a history like every record; their place in the order is part of it, but not of the form. */
export const entryKind: RecordKind = {
  table: 'dictionary_entries',
  fields: [...entryFields, { name: 'position', label: labels.order, kind: integer }],
  nameOf: (row) => String(row.label),
}

/** Reads an entry out of a form, with every fault that can be seen without the database. */
export function readEntry(body: Body, reference: Reference): { values: Values; errors: FieldError[] } {
  const { values, errors } = readForm(entryFields, body, reference)
  if (values.is_default && !values.is_active) errors.push(fieldError(isActive, text.dictionaries.defaultInactive))
  return { values, errors }
}

/** The label is taken, as the error of its field. */
export const takenLabel = () => fieldError(label, text.dictionaries.labelTaken)

type Parts = {
  action: string
  cancelHref: string
  typed: Body
  errors?: FieldError[]
  reference: Reference
  formId?: string
  version?: number
}

/** The form of an entry, with its colours shown as they look. */
export function entryForm(parts: Parts) {
  const view = formView({ id: 'entry', groups: [{ title: '', fields: entryFields }], ...parts })
  const chosen = String(parts.typed.tone ?? '')
  const options = [{ value: '', label: text.dictionaries.noTone, tone: undefined }, ...toneOptions()]
  for (const field of view.form.groups.flatMap((group) => group.fields)) {
    if (field.name !== tone.name) continue
    Object.assign(field, {
      kind: 'radio',
      options: options.map((option) => ({ ...option, isSelected: option.value === chosen })),
    })
  }
  return view
}
