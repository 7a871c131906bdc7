import { text } from '../../texts/index.ts'
import { parseDay } from '../china/day.ts'
import { madeOnce } from '../made-once.ts'
import type { Reference } from '../reference.ts'
import { conditionAddress, readConditions, shortened, type Unread } from './condition-address.ts'
import { typedIn } from './form.ts'
import { linkedId } from './link-kind.ts'
import type { Column, Filter, List, ListQuery } from './list.ts'
import { columnsText, ordinaryColumns, readColumns } from './list-columns.ts'
import type { ListPreference } from './list-preference.ts'
import { Refusal } from './refusal.ts'
import type { Viewer } from './viewer.ts'

export const sizes = [10, 20, 50, 100]
/** Of which a list shows so many where nobody says otherwise. */
export const rowsPreset = 20
/** What is typed into a search is cut to so many characters. */
export const longestSearch = 50

type Reading = { reference: Reference; viewer: Viewer; kept?: ListPreference; links?: ListQuery['links'] }

/** What holds for everybody. */
const nothingKept: ListPreference = { sort: null, per: null }

/**
 * Reads the address of a list. Of order, size and columns what makes no sense is left out: old links keep working; what
 * narrows the list and is not understood stands in `unread`, for nobody may take more rows for those that were meant.
 * Where it says nothing, what the person keeps for the list holds.
 */
export function readListQuery(
  list: List,
  query: Record<string, unknown>,
  { reference, viewer, kept = nothingKept, links }: Reading,
): ListQuery {
  const per = Number(typedIn(query, 'per'))
  const sort = typedIn(query, 'sort')
  const page = typedIn(query, 'page')
  const { filters, unread } = readFilters(list, query, { reference, links })
  const read = readConditions(conditionsFor(list, viewer), query.f, reference)
  return {
    viewer,
    q: cut(typedIn(query, 'q')),
    filters,
    sort: inParts(sort ? readSort(list, sort) : kept.sort, { reference, viewer }),
    page: /^\d{1,9}$/.test(page) ? Math.max(1, Number(page)) : 1,
    per: sizes.includes(per) ? per : usualSize(kept),
    columns: (list.isAdjustable ? readColumns(list, query) : undefined) ?? kept.columns,
    conditions: read.conditions,
    unread: [...unread, ...read.unread],
    links,
    view: readView(list, typedIn(query, 'view')),
    kept,
  }
}

/** What this person may ask about. */
export const conditionsFor = ({ conditions = [] }: List, viewer: Viewer) =>
  conditions.filter(({ mask }) => !mask || !viewer.isMasked(mask))

const usualSize = (kept: ListPreference = nothingKept) => kept.per ?? rowsPreset
const cut = (typed: string) => [...typed].slice(0, longestSearch).join('')
const readView = (list: List, typed: string) =>
  list.isAdjustable && /^[1-9]\d{0,8}$/.test(typed) ? Number(typed) : undefined

function readFilters(list: List, query: Record<string, unknown>, { reference, links }: Omit<Reading, 'viewer'>) {
  const filters: Record<string, string> = {}
  const unread: Unread[] = []
  for (const filter of list.filters)
    for (const name of filter.kind === 'days' ? [`${filter.name}_from`, `${filter.name}_to`] : [filter.name]) {
      const typed = cut(typedIn(query, name))
      if (!typed) continue
      const value = filter.kind === 'days' ? parseDay(typed) : typed
      if (value && isKnown(filter, value, filters, reference)) filters[name] = value
      else if (!(filter.kind === 'choice' && filter.isBelowAnother?.(reference, typed)))
        unread.push({ name, label: filter.label, written: shortened(typed), why: links?.get(name)?.refusal })
    }
  return { filters, unread }
}

function isKnown(filter: Filter, value: string, filters: ListQuery['filters'], reference: Reference): boolean {
  if (filter.kind === 'link') return linkedId(value) !== undefined
  return filter.kind !== 'choice' || filter.options(reference, filters).some((option) => option.value === value)
}

/** What of an address was not understood, as sentences. */
export const unreadSentences = ({ unread = [] }: ListQuery): string[] =>
  unread.map(({ label, written, why }) =>
    why === undefined ? text.list.unread(label, written) : text.list.notFound(label, written, why),
  )

/** Throws a Refusal (422) when an address narrows a list by something that is not understood. */
export function refuseUnread<Q extends ListQuery>(query: Q): Q {
  const [sentence] = unreadSentences(query)
  if (sentence) throw new Refusal({ message: sentence + text.list.unreadShown })
  return query
}

/** Whether this person can sort by a column: not by what must not be read, whose order tells it. */
export const isSortable = ({ sort, parts, mask, ordersFor }: Column, viewer: Viewer): boolean =>
  Boolean(sort ?? parts) && !(mask && viewer.isMasked(mask)) && (ordersFor?.(viewer) ?? true)

/** The order with the parts of a column that is sorted by them; none for who must not see it. */
function inParts(sort: ListQuery['sort'], { reference, viewer }: { reference: Reference; viewer: Viewer }) {
  if (!sort || !isSortable(sort.column, viewer)) return null
  const parts = sort.column.parts?.(reference)
  return { ...sort, parts: sort.isDescending ? parts?.toReversed() : parts }
}

export function readSort(list: List, sort: string): ListQuery['sort'] {
  const name = sort.replace(/^-/, '')
  const column = list.columns.find((column) => column.name === name && (column.sort ?? column.parts))
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

/** The parameters of the address of a list, made once for the twenty links of its page. */
const parametersOf = madeOnce(readParameters)

/** What everybody or this person gets anyway is left out. */
function readParameters({ kept = nothingKept, ...query }: ListQuery): Change {
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
  const parameters = listParameters(query, change)
  if (parameters.length === 0) return path
  return `${path}?${new URLSearchParams(parameters.map(({ name, value }): [string, string] => [name, value]))}`
}

/** The same as the hidden fields of a form. */
export function listParameters(query: ListQuery, change: Change = {}): { name: string; value: string }[] {
  const asked = { ...parametersOf(query), ...change }
  const parameters: { name: string; value: string }[] = []
  for (const name in asked)
    for (const one of [asked[name] ?? []].flat()) if (one !== '') parameters.push({ name, value: String(one) })
  return parameters
}

/** The query of a list as text that says everything, for whoever opens it: of a saved view, or of a selection. */
export const wholeQuery = madeOnce((query: ListQuery, list: List) =>
  listAddress(
    '',
    { ...query, columns: query.columns ?? ordinaryColumns(list), kept: { sort: null, per: 0 } },
    { sort: sortText(query.sort) || '-', page: null, view: null },
  ).slice(1),
)
