/**
 * A column of an export. Values: text anything; number a number or a decimal string; decimal integer millionths; money
 * integer cents; day 'YYYY-MM-DD'; instant an ISO instant, shown in China's time. null, undefined and '' are empty cells.
 */
export interface SheetColumn {
  label: string
  kind: 'text' | 'number' | 'decimal' | 'money' | 'day' | 'instant'
  /** In characters, as Excel counts; without it by kind. */
  width?: number
}

/** Rows in the order of the columns; a slow source is asked only as fast as the reader of the file takes. */
export type RowSource = AsyncIterable<unknown[]> | Iterable<unknown[]>

/** A decimal number of at most 15 digits as text, the most a spreadsheet can hold exactly; undefined for anything else. */
export function plainDecimal(value: unknown): string | undefined {
  const text = String(value)
  const isDecimal = /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D|^-?0+/g, '').length <= 15
  if (isDecimal) return text
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

/** '1234.50' of 123450; undefined for what is no whole number of cents. */
export function yuanText(cents: unknown): string | undefined {
  const text = String(cents)
  if (!/^-?\d+$/.test(text)) return undefined
  const digits = text.replace('-', '').padStart(3, '0')
  return `${text.startsWith('-') ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
