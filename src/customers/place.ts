import type { Reference } from '../reference.ts'
import type { Filter } from '../web/list.ts'
import { customerField } from './fields.ts'

/** Province and city of a customer in one line; the pseudo city of a municipality says nothing. */
export function placeText(row: Record<string, unknown>, reference: Reference): string {
  const province = reference.division(row.province_code as string)?.name ?? ''
  const city = reference.division(row.city_code as string)
  const isPseudo =
    city !== undefined &&
    /^\d{2}(01|02|90)00$/.test(city.code) &&
    reference.divisionsBelow(null).some(({ code }) => code === city.parent_code && municipalities.has(code))
  return province + (city && !isPseudo ? ` ${city.name}` : '')
}

const municipalities = new Set(['110000', '120000', '310000', '500000'])

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
