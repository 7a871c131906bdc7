import type { Reference } from '../reference.ts'
import { parseDay } from './fields.ts'
import { typedIn } from './form.ts'
import type { List, ListQuery } from './list.ts'

export const sizes = [10, 20, 50, 100]
const longestSearch = 50

/** Reads the address of a list. What is not declared, or makes no sense, is left out: old links keep working. */
export function readListQuery(list: List, query: Record<string, unknown>, reference: Reference): ListQuery {
  const typed = (name: string) => typedIn(query, name)
  const filters: Record<string, string> = {}
  for (const filter of list.filters) {
    if (filter.kind === 'days') {
      for (const name of [`${filter.name}_from`, `${filter.name}_to`]) {
        const day = parseDay(typed(name))
        if (day) filters[name] = day
      }
    } else if (typed(filter.name)) {
      const value = [...typed(filter.name)].slice(0, longestSearch).join('')
      const isKnown =
        filter.kind === 'text' || filter.options(reference, filters).some((option) => option.value === value)
      if (isKnown) filters[filter.name] = value
    }
  }
  const per = Number(typed('per'))
  return {
    q: [...typed('q')].slice(0, longestSearch).join(''),
    filters,
    sort: readSort(list, typed('sort')),
    page: /^\d{1,9}$/.test(typed('page')) ? Math.max(1, Number(typed('page'))) : 1,
    per: sizes.includes(per) ? per : (sizes[0] as number),
  }
}

function readSort(list: List, sort: string): ListQuery['sort'] {
  const name = sort.replace(/^-/, '')
  const column = list.columns.find((column) => column.name === name && column.sort)
  return column ? { column, isDescending: sort.startsWith('-') } : null
}

/** The address of the same list with some parameters changed; what is empty is left out. */
export function listAddress(path: string, query: ListQuery, change: Record<string, string | number | null> = {}) {
  const parameters: Record<string, string | number | null> = {
    q: query.q,
    ...query.filters,
    sort: query.sort ? `${query.sort.isDescending ? '-' : ''}${query.sort.column.name}` : null,
    per: query.per === sizes[0] ? null : query.per,
    page: query.page === 1 ? null : query.page,
    ...change,
  }
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters))
    if (value !== null && value !== '') search.set(name, String(value))
  return search.size > 0 ? `${path}?${search}` : path
}
