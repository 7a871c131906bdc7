import { parseDay } from '../china/day.ts'
import type { Reference } from '../reference.ts'
import { conditionAddress, readConditions } from './conditions.ts'
import { typedIn } from './form.ts'
import type { Kept, List, ListQuery } from './list.ts'
import { columnsText, ordinaryColumns, readColumns } from './list-columns.ts'
import type { Viewer } from './viewer.ts'

export const sizes = [10, 20, 50, 100]
const longestSearch = 50

/** What holds for everybody. */
const nothingKept: Kept = { sort: null, per: null }

/**
 * Reads the address of a list. What is not declared, or makes no sense, is left out: old links keep working; where it
 * says nothing, what the person keeps for the list holds.
 */
export function readListQuery(
  list: List,
  query: Record<string, unknown>,
  { reference, viewer, kept = nothingKept }: { reference: Reference; viewer: Viewer; kept?: Kept },
): ListQuery {
  const per = Number(typedIn(query, 'per'))
  const sort = typedIn(query, 'sort')
  const page = typedIn(query, 'page')
  return {
    viewer,
    q: cut(typedIn(query, 'q')),
    filters: readFilters(list, query, reference),
    sort: sort ? readSort(list, sort) : kept.sort,
    page: /^\d{1,9}$/.test(page) ? Math.max(1, Number(page)) : 1,
    per: sizes.includes(per) ? per : usualSize(kept),
    columns: (list.isAdjustable ? readColumns(list, query) : undefined) ?? kept.columns,
    conditions: readConditions(conditionsFor(list, viewer), query.f, reference),
    view: readView(list, typedIn(query, 'view')),
    kept,
  }
}

/** What this person may ask about. */
export const conditionsFor = ({ conditions = [] }: List, viewer: Viewer) =>
  conditions.filter(({ mask }) => !mask || !viewer.isMasked(mask))

const usualSize = (kept: Kept = nothingKept) => kept.per ?? (sizes[0] as number)
const cut = (typed: string) => [...typed].slice(0, longestSearch).join('')
const readView = (list: List, typed: string) =>
  list.isAdjustable && /^[1-9]\d{0,8}$/.test(typed) ? Number(typed) : undefined

function readFilters(list: List, query: Record<string, unknown>, reference: Reference) {
  const filters: Record<string, string> = {}
  for (const filter of list.filters) {
    if (filter.kind === 'days') {
      for (const name of [`${filter.name}_from`, `${filter.name}_to`]) {
        const day = parseDay(typedIn(query, name))
        if (day) filters[name] = day
      }
    } else if (typedIn(query, filter.name)) {
      const value = cut(typedIn(query, filter.name))
      const isKnown =
        filter.kind === 'text' || filter.options(reference, filters).some((option) => option.value === value)
      if (isKnown) filters[filter.name] = value
    }
  }
  return filters
}

export function readSort(list: List, sort: string): ListQuery['sort'] {
  const name = sort.replace(/^-/, '')
  const column = list.columns.find((column) => column.name === name && column.sort)
  return column ? { column, isDescending: sort.startsWith('-') } : null
}

/** The parameters of an address as a query string parser gives them: those that come twice as a list. */
export function parametersIn(search: string): Record<string, string | string[]> {
  const all = new URLSearchParams(search)
  return Object.fromEntries([...new Set(all.keys())].map((name) => [name, oneOrMany(all.getAll(name))]))
}

const oneOrMany = (values: string[]) => (values.length === 1 ? (values[0] as string) : values)

type Parameter = string | number | string[] | null
export type Change = Record<string, Parameter>

/** The parameters of the address of a list; what everybody or this person gets anyway is left out. */
function parametersOf({ kept = nothingKept, ...query }: Omit<ListQuery, 'viewer'>): Change {
  const [columns, sort] = [columnsText(query.columns), sortText(query.sort)]
  return {
    q: query.q,
    ...query.filters,
    f: (query.conditions ?? []).map(conditionAddress),
    columns: columns === columnsText(kept.columns) ? null : columns,
    sort: sort === sortText(kept.sort) ? null : sort || '-',
    per: query.per === usualSize(kept) ? null : query.per,
    page: query.page === 1 ? null : query.page,
    view: query.view ?? null,
  }
}

/** The order as an address has it, '' for the list's own; an address without it leaves it to what the person keeps. */
export const sortText = (sort: ListQuery['sort']) => (sort ? `${sort.isDescending ? '-' : ''}${sort.column.name}` : '')

/** The address of the same list with some parameters changed; what is empty is left out. */
export function listAddress(path: string, query: ListQuery, change: Change = {}) {
  const search = new URLSearchParams()
  for (const { name, value } of listParameters(query, change)) search.append(name, value)
  return search.size > 0 ? `${path}?${search}` : path
}

/** The same as the hidden fields of a form. */
export function listParameters(query: ListQuery, change: Change = {}): { name: string; value: string }[] {
  return Object.entries({ ...parametersOf(query), ...change }).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => (one === '' ? [] : { name, value: String(one) })),
  )
}

/** The query of a list as text that says everything, for whoever opens it: of a saved view, or of a selection. */
export const wholeQuery = (list: List, query: ListQuery): string =>
  listAddress(
    '',
    { ...query, columns: query.columns ?? ordinaryColumns(list), kept: { sort: null, per: 0 } },
    { sort: sortText(query.sort) || '-', page: null, view: null },
  ).slice(1)
