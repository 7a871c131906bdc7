import { text } from '../../kernel/texts/index.ts'
import { type Field, line, long } from '../../kernel/web/fields.ts'
import type { RecordKind } from '../../kernel/web/record.ts'

const t = text.competitors

const field = (name: keyof typeof t.fields, more: Partial<Field> = {}): Field => ({
  name,
  label: t.fields[name],
  hint: t.hints[name as keyof typeof t.hints],
  kind: long,
  max: 1000,
  isWide: true,
  ...more,
})

export const nameField = field('name', { kind: line, max: 100, isRequired: true, isWide: false })

/** 「竞争对手」 [S16]. */
export const competitorFields: Field[] = [
  nameField,
  field('size', { kind: line, max: 100, isWide: false }),
  field('products'),
  field('prices'),
  field('strengths'),
  field('weaknesses'),
  field('notes', { max: 4000 }),
]

export const competitorGroups = [{ title: t.basic, fields: competitorFields }]

export const competitorKind: RecordKind = {
  table: 'competitors',
  fields: competitorFields,
  nameOf: (row) => String(row.name),
}
