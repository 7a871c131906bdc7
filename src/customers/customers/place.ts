import { isNamelessCity, shortRegionName } from '../../kernel/china/regions.ts'
import type { Reference } from '../../kernel/reference.ts'
import type { Filter, Part } from '../../kernel/web/list.ts'
import { divisionOptions } from '../../platform/dictionaries/division-fields.ts'
import { customerField } from './fields.ts'

/** Province and city of a customer in one line; instead of a pseudo city, which says nothing, the district. */
export function placeText(row: Record<string, unknown>, reference: Reference): string {
  return placeNames(row, reference).join(' ')
}

/** All divisions of a customer in one line. */
export const wholePlace = (row: Record<string, unknown>, reference: Reference): string =>
  [row.province_code, row.city_code, row.district_code]
    .map((code) => (isNamelessCity(code) ? undefined : reference.division(code as string)?.name))
    .filter(Boolean)
    .join(' ')

/** Province and city as short as people say it, for a column of a list. */
export function shortPlace(row: Record<string, unknown>, reference: Reference): string {
  return placeNames(row, reference).map(shortRegionName).join(' ')
}

function placeNames(row: Record<string, unknown>, reference: Reference): string[] {
  const [province, city, district] = [row.province_code, row.city_code, row.district_code].map((code) =>
    reference.division(code as string),
  )
  const local = city && isPseudo(city.code) ? district : city
  return [province, local].flatMap((division) => (division ? [division.name] : []))
}

/** Nameless cities, and the places that provinces govern directly (GB/T 2260). */
const isPseudo = (code: string) => isNamelessCity(code) || /^\d\d9000$/.test(code)

/** Customers by province and city, in the order of their codes; those of a province without a city before its cities. */
export const placeParts = (reference: Reference): Part[] => [
  { province_code: null },
  ...reference
    .divisionsBelow(null)
    .flatMap(({ code }) => [
      { province_code: code, city_code: null },
      ...reference.divisionsBelow(code).map((city) => ({ province_code: code, city_code: city.code })),
    ]),
]

const levels = { province_code: 1, city_code: 2, district_code: 3 } as const

/** A filter by division; offers those below the one chosen above it, so it stays short. */
export const divisionFilter = (name: keyof typeof levels): Filter => ({
  name,
  label: customerField(name).label,
  kind: 'choice',
  options: (reference, values) => divisionOptions(reference, levels[name], values),
  isBelowAnother: (reference, value) => name !== 'province_code' && reference.division(value) !== undefined,
  apply: (query, value) => query.where(`customers.${name}`, value),
})
