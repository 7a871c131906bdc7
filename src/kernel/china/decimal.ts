import { singleLine } from './text.ts'

/**
 * Decimal numbers are integers of millionths, never floats: quantities, prices, percents (columns end in `_micros`). The
 * bound keeps them safe integers of JavaScript, with room for a factor below one.
 */
export const mostPlaces = 6
const one = 10n ** BigInt(mostPlaces)
const bound = 9_000_000_000n * one

/** Why a text is no such number; `commas` where they do not stand between groups, so that 1,5 is not taken for 15. */
export type DecimalProblem = 'form' | 'commas' | 'size' | 'places'

const written = /^([+-]?)(\d*)(?:\.(\d*))?$/
const grouped = /^[+-]?\d{1,4}(?:,(?:\d{3}))+(?:\.\d*)?$|^[+-]?\d{1,4}(?:,(?:\d{4}))+(?:\.\d*)?$/

/** Millionths of a number as people type it: 1234.5, 1,234.50, １２３４．５, −3, .5, with the unit behind it. */
export function readDecimal(typed: string, unit = ''): { micros: number } | { problem: DecimalProblem } {
  const line = singleLine(typed).replaceAll('，', ',').replaceAll('\u2212', '-')
  const bare = (unit && line.endsWith(singleLine(unit)) ? line.slice(0, -singleLine(unit).length) : line).replace(
    / /g,
    '',
  )
  if (bare.includes(',') && /^[+-]?[\d,]+(?:\.\d*)?$/.test(bare) && !grouped.test(bare)) return { problem: 'commas' }
  const [all, sign, whole = '', part = ''] = written.exec(bare.replaceAll(',', '')) ?? []
  if (all === undefined || whole + part === '' || (bare.includes(',') && !grouped.test(bare)))
    return { problem: 'form' }
  const kept = part.replace(/0+$/, '')
  if (kept.length > mostPlaces) return { problem: 'places' }
  const digits = whole.replace(/^0+/, '')
  if (digits.length > 10) return { problem: 'size' }
  const size = BigInt(digits || 0) * one + BigInt(kept.padEnd(mostPlaces, '0'))
  if (size > bound) return { problem: 'size' }
  return { micros: Number(sign === '-' ? -size : size) || 0 }
}

/** How many places behind the point a number needs. */
export const placesOf = (micros: number) => (decimalText(micros)?.split('.')[1] ?? '').length

/** '1234.5' of 1234500000; undefined for what is no whole number of millionths. */
export function decimalText(micros: unknown): string | undefined {
  const text = String(micros)
  if (!/^-?\d+$/.test(text)) return undefined
  const digits = text.replace('-', '').padStart(mostPlaces + 1, '0')
  const part = digits.slice(-mostPlaces).replace(/0+$/, '')
  return `${text.startsWith('-') ? '-' : ''}${digits.slice(0, -mostPlaces)}${part && `.${part}`}`
}

/** The same with its thousands parted: 1,234.5. */
export function groupedDecimal(micros: unknown): string | undefined {
  const [whole = '', part] = decimalText(micros)?.split('.') ?? []
  if (whole === '') return undefined
  return whole.replace(/\B(?=(?:\d{3})+$)/g, ',') + (part === undefined ? '' : `.${part}`)
}
