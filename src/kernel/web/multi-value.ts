import { text } from '../../texts/index.ts'
import type { FieldKind } from './fields.ts'

/** Several of the options: their values joined by commas, in one order. What is no option (any more) is left out. */
export const several: FieldKind = {
  control: 'check',
  isMany: true,
  parse: (typed, field, reference) => {
    if (typed === '') return null
    const chosen = new Set(valuesIn(typed))
    return joined((field.options?.(reference) ?? []).map(({ value }) => value).filter((value) => chosen.has(value)))
  },
  write: (value) => String(value ?? ''),
  show: (value, field, reference) => {
    const chosen = new Set(valuesIn(value))
    const options = field.options?.(reference) ?? []
    return text.common.listed(options.filter(({ value }) => chosen.has(value)).map(({ label }) => label))
  },
}

/** The values in the text of a field with many. */
export const valuesIn = (joined: unknown): string[] =>
  String(joined ?? '')
    .split(',')
    .filter(Boolean)

/** The text of a field with many values, the same in whatever order they come; null for none. */
export const joined = (values: (string | number)[]): string | null =>
  values
    .map(String)
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .join(',') || null
