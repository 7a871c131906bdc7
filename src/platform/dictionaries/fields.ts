import type { ModuleField } from '../../kernel/modules/module.ts'
import { check, code, line } from '../../kernel/web/fields.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'

const { fields: labels, hints, tones } = text.dictionaries

export const isActive: ModuleField = {
  name: 'is_active',
  label: labels.is_active,
  kind: check,
  hint: hints.is_active,
}
export const toneOptions = () => Object.entries(tones).map(([value, label]) => ({ value, label, tone: value }))
export const tone: ModuleField = { name: 'tone', label: labels.tone, kind: code, options: toneOptions, isWide: true }

/** An entry of a dictionary as a form has it. */
export const entryFields: ModuleField[] = [
  { name: 'label', label: labels.label, kind: line, max: 60, isRequired: true, isUnique: true },
  { name: 'code', label: labels.code, kind: line, max: 20, hint: hints.code },
  tone,
  { name: 'is_default', label: labels.is_default, kind: check, hint: hints.is_default },
  isActive,
]

/** Entries keep a history like every record. */
export const entryKind: RecordKind = {
  table: 'dictionary_entries',
  fields: entryFields,
  nameOf: (row) => String(row.label),
}
