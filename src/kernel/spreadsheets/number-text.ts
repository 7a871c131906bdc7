import { cleanText } from './clean-text.ts'
import type { NumberFormat } from './number-formats.ts'
import { maskedText } from './number-mask.ts'
import { fromSerial } from './serial-days.ts'

/**
 * A stored number as the person sees it in substance: 15 digits as Excel has them, without exponent, grouping or
 * currency sign; dates, times, percents and texts made by a mask by their format. What is no number stays as it is.
 */
export function numberText(raw: string, format: NumberFormat, is1904: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return cleanText(raw)
  switch (format.kind) {
    case 'plain':
      return decimalText(raw, value)
    case 'percent':
      return `${decimalText('', value * 100)}%`
    case 'mask':
      return maskedText(value, format.mask) ?? decimalText(raw, value)
    case 'duration':
      return durationText(value)
    default:
      return dateText(value, format.kind, is1904) ?? decimalText(raw, value)
  }
}

function dateText(serial: number, kind: 'day' | 'instant' | 'time', is1904: boolean): string | undefined {
  const found = fromSerial(serial, is1904)
  if (!found) return undefined
  if (kind === 'time' && serial < 1) return found.time
  return kind === 'day' ? found.day : `${found.day} ${found.time}`
}

/** [h]:mm, hours beyond a day counted on. */
function durationText(days: number): string {
  const minutes = Math.floor(Math.round(Math.abs(days) * 86_400) / 60)
  const text = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
  return days < 0 ? `-${text}` : text
}

function decimalText(raw: string, value: number): string {
  if (/^(0|-?[1-9]\d{0,14})$/.test(raw)) return raw
  return withoutExponent(String(Number(value.toPrecision(15))))
}

function withoutExponent(text: string): string {
  const [mantissa = '', exponent] = text.split('e')
  if (!exponent) return text === '-0' ? '0' : text
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const power = Number(exponent)
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${whole}${fraction}`
  return `${sign}${whole}${fraction.padEnd(power, '0')}`
}
