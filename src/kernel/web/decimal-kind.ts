import { text } from '../../texts/index.ts'
import { decimalText, groupedDecimal, mostPlaces, placesOf, readDecimal } from '../china/decimal.ts'
import type { Field, FieldKind } from './fields.ts'

/** How many places behind the point it has (6 where nothing is said), what it is counted in, and its bounds, as texts. */
export type DecimalParts = { places?: number; unit?: string; least?: string; greatest?: string }

/** A decimal number, stored in millionths in a column whose name ends in `_micros`: a quantity, a price, a percent. */
export const decimal: FieldKind = {
  control: 'decimal',
  align: 'end',
  parse: (typed, { unit }) => {
    const read = readDecimal(typed, unit)
    if ('micros' in read) return read.micros
    throw read.problem === 'places' ? text.form.decimal.places(mostPlaces) : text.form.decimal[read.problem]
  },
  mistake: (value, { places = mostPlaces, least, greatest, ...field }) => {
    const micros = Number(value)
    const [from, to] = [boundOf(least), boundOf(greatest)]
    if (placesOf(micros) > places) return text.form.decimal.places(places)
    if (from !== undefined && micros < from) return text.form.decimal.least(shown(from, field))
    return to !== undefined && micros > to ? text.form.decimal.greatest(shown(to, field)) : undefined
  },
  write: (value) => (value === null || value === undefined ? '' : (decimalText(value) ?? '')),
  show: (value, field) => (value === null || value === undefined ? '' : shown(value, field)),
}

function shown(micros: unknown, { unit = '' }: Pick<Field, 'unit'>): string {
  const number = groupedDecimal(micros) ?? String(micros)
  return unit === '' ? number : `${number}${unit === '%' ? '' : ' '}${unit}`
}

function boundOf(written: string | undefined): number | undefined {
  const read = written === undefined ? undefined : readDecimal(written)
  return read && 'micros' in read ? read.micros : undefined
}

/** What of a decimal's declaration cannot be; undefined where nothing is wrong. */
export function wrongDecimal({ name, kind, places = 0, least, greatest }: Field): boolean {
  if (kind !== decimal) return false
  const [from, to] = [boundOf(least), boundOf(greatest)]
  const isOutside = !Number.isInteger(places) || places < 0 || places > mostPlaces
  const isUnread = [least, greatest].some((bound) => bound !== undefined && boundOf(bound) === undefined)
  return !name.endsWith('_micros') || isOutside || isUnread || (from ?? -Infinity) > (to ?? Infinity)
}
