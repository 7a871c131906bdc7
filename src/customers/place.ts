import { shortRegionName } from '../china/regions.ts'
import type { Reference } from '../reference.ts'
import type { Filter } from '../web/list.ts'
import { customerField } from './fields.ts'

/** Province and city of a customer in one line; instead of a pseudo city, which says nothing, the district. */
export function placeText(row: Record<string, unknown>, reference: Reference): string {
  return placeNames(row, reference).join(' ')
}

/** The same as short as people say it, for a column of a list. */
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

/** The nameless cities of the four municipalities, and the places that provinces govern directly (GB/T 2260). */
const isPseudo = (code: string) => /^((11|12|31|50)0[12]|\d\d90)00$/.test(code)

type DivisionColumn = 'province_code' | 'city_code' | 'district_code'

/** A filter by division; offers those below the one chosen above it, so it stays short. */
export function divisionFilter(
  name: DivisionColumn,
  above: (values: Record<string, string>) => string | null | undefined,
): Filter {
  return {
    name,
    label: customerField(name).label,
    kind: 'choice',
    options: (reference, values) => {
      const parent = above(values)
      return parent === undefined
        ? []
        : reference.divisionsBelow(parent).map(({ code, name }) => ({ value: code, label: name }))
    },
    apply: (query, value) => query.where(`customers.${name}`, value),
  }
}
