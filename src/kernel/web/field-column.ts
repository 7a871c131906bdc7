import type { Field } from './fields.ts'
import { keptColumn } from './kept-column.ts'
import type { Column, Filter } from './list.ts'
import { phoneCell } from './phone-cell.ts'

/** A column that shows a declared field. */
export function fieldColumn(field: Field, more: Partial<Column> = {}): Column {
  const { kind, name, label } = field
  const columnKind =
    (['number', 'decimal', 'money', 'day', 'instant'] as const).find((one) => one === kind.control) ?? 'text'
  return {
    name,
    label,
    kind: columnKind,
    align: kind.align,
    mask: field.mask,
    cell: (row, reference) => {
      const shown = kind.show(row[name], field, reference)
      if (kind.control === 'phone') return phoneCell(shown)
      const chosen = field.options?.(reference).find(({ value }) => value === String(row[name]))
      return { text: shown, tone: chosen?.tone }
    },
    value: columnKind === 'text' ? undefined : (row) => row[name],
    ...(field.keep ? { companion: keptColumn(field, field.keep) } : {}),
    ...more,
  }
}

/** A filter by one value of a field with options, in a column of its name; ids are numbers, codes are texts. */
export const choiceFilter = (field: Field, column = field.name): Filter => ({
  name: field.name,
  label: field.label,
  kind: 'choice',
  options: (reference) => field.options?.(reference) ?? [],
  apply: (query, value) => query.where(column, field.name.endsWith('_id') ? Number(value) : value),
})
