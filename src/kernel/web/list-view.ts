import type { FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import type { Reference } from '../reference.ts'
import { fieldView, optionViews } from './field-view.ts'
import { showCount } from './formatting.ts'
import type { Cell, Column, Filter, List, ListQuery } from './list.ts'
import { adjustViews, conditionViews, selectionView } from './list-adjust.ts'
import { shownColumns } from './list-columns.ts'
import type { Page } from './list-page.ts'
import { type Change, isSortable, listAddress, listParameters, sizes, unreadSentences } from './list-query.ts'
import { keepRendering } from './template-cache.ts'

/** A list as views/shared/_list.eta wants it. */
export function listView(request: FastifyRequest, list: List, query: ListQuery, page: Page, reference: Reference) {
  const to = (change: Change) => listAddress(list.path, query, change)
  const first = (page.page - 1) * query.per + 1
  const isFiltered = query.q !== '' || Object.keys(query.filters).length > 0 || Boolean(query.conditions?.length)
  const columns = shownColumns(list, query).filter(({ permission }) => !permission || request.can(permission))
  const walked = list.isWalked ? listAddress('', query, { page: null, per: null, view: null }).slice(1) : ''
  const place = encodeURIComponent(walked)
  return {
    title: list.title,
    path: list.path,
    actions: list.actions?.(request) ?? [],
    columns: columns.map((column) => columnView(column, query, to)),
    rows: page.rows.map((row) => ({
      id: row.id,
      name: row.name,
      href: list.rowHref?.(row),
      cells: columns.map((column) => inPlace(column.cell(row, reference), list.path, place)),
    })),
    filters: filterViews(list, query, reference),
    search: list.search ? { value: query.q, placeholder: list.search.placeholder } : null,
    hidden: hiddenParameters(query),
    isFiltered,
    unread: unreadSentences(query),
    readHref: listAddress(list.path, query),
    clearHref: listAddress(list.path, { ...query, q: '', filters: {}, conditions: [], page: 1, view: undefined }),
    selection: selectionView(request, list, query, page),
    conditions: conditionViews(list, query, reference),
    ...adjustViews(list, query, request.query as Record<string, unknown>, reference),
    total: page.total,
    totalText: totalText(page),
    page: page.page,
    pages: page.pages,
    range: page.rows.length > 0 ? text.list.range(showCount(first), showCount(first + page.rows.length - 1)) : '',
    pageLinks: pageLinks(page, to),
    perLinks: sizes.map((size) => ({
      label: String(size),
      href: listAddress(list.path, { ...query, per: size, page: 1 }),
      isCurrent: size === query.per,
    })),
    printHref:
      list.permissions.print && request.can(list.permissions.print)
        ? listAddress(`${list.path}/print`, query, { view: null })
        : null,
    exportHrefs:
      list.permissions.export && request.can(list.permissions.export)
        ? endingsOf(list).map((ending) => ({
            label: ending,
            href: listAddress(`${list.path}.${ending}`, query, { page: null, per: null, view: null }),
          }))
        : [],
    empty: query.unread?.length
      ? { text: text.list.unreadShown }
      : isFiltered
        ? nothingFound(list, query)
        : (list.empty?.(request) ?? { text: text.list.nothingYet }),
  }
}

/** The endings of the files a list is exported as. */
export const endingsOf = ({ otherExports = [] }: List) => ['xlsx', 'csv', ...otherExports.map(({ ending }) => ending)]

/** Why nothing was found: days the wrong way round are seldom seen by who typed them. */
function nothingFound(list: List, { filters }: ListQuery) {
  const isReversed = ({ name }: Filter) => (filters[`${name}_from`] ?? '') > (filters[`${name}_to`] ?? '9')
  const reversed = list.filters.find((filter) => filter.kind === 'days' && isReversed(filter))
  return { text: reversed ? text.list.daysReversed(reversed.label) : text.list.nothingFound }
}

export const countText = ({ total, isCapped }: { total: number; isCapped: boolean }) =>
  showCount(total) + (isCapped ? '+' : '')
export const totalText = (counted: { total: number; isCapped: boolean }) => text.list.total(countText(counted))

function columnView(column: Column, query: ListQuery, to: (change: Change) => string) {
  const isSorted = query.sort?.column === column
  const isAscending = isSorted && !query.sort?.isDescending
  return {
    name: column.name,
    label: column.label,
    align: column.align ?? 'start',
    sortHref: isSortable(column, query.viewer)
      ? to({ sort: `${isAscending ? '-' : ''}${column.name}`, page: null })
      : null,
    sorted: isSorted ? (isAscending ? 'ascending' : 'descending') : null,
  }
}

type LinkFilter = Extract<Filter, { kind: 'link' }>
type FilterView = ReturnType<typeof filterView>
const unsetViews = new WeakMap<Reference, WeakMap<List, FilterView[]>>()

/** Without any filter set the views are the same for everyone, until the reference data changes. */
function filterViews(list: List, query: ListQuery, reference: Reference): FilterView[] {
  if (Object.keys(query.filters).length > 0 || query.unread?.length)
    return list.filters.map((filter) => filterView(filter, query, reference))
  const held = unsetViews.get(reference) ?? new WeakMap<List, FilterView[]>()
  unsetViews.set(reference, held)
  const views = held.get(list) ?? list.filters.map((filter) => keepRendering(filterView(filter, query, reference)))
  held.set(list, views)
  return views
}

function filterView(filter: Filter, query: ListQuery, reference: Reference) {
  const { name, label, kind } = filter
  if (kind === 'days') {
    const side = (name: string, label: string) => ({ name, label, value: query.filters[name] ?? '' })
    const from = side(`${name}_from`, text.common.fromOf(label))
    const to = side(`${name}_to`, text.common.toOf(label))
    return { name, label, kind, from, to, between: text.common.to, isSet: Boolean(from.value || to.value) }
  }
  if (filter.kind === 'link') return linkView(filter, query, reference)
  const value = query.filters[name] ?? ''
  const options = kind === 'choice' ? optionViews(filter.options(reference, query.filters), value) : undefined
  return { name, label, kind, value, options, any: text.common.any, isSet: value !== '' }
}

/** The chosen record by its name; what was typed and is none stays, and of several one is chosen. */
function linkView({ name, field }: LinkFilter, { filters, links, unread }: ListQuery, reference: Reference) {
  const written = filters[name] ?? unread?.find((one) => one.name === name)?.written ?? ''
  const view = fieldView({ ...field, ...links?.get(name), isRequired: false }, { [name]: written }, [], reference)
  return { ...view, kind: 'link' as const, id: `filters-${name}`, choose: text.form.link.choose, isSet: written !== '' }
}

/** Whatever is not a field of the filter form stays when it is sent; the page begins anew. */
function hiddenParameters(query: ListQuery) {
  const own = Object.fromEntries(Object.keys(query.filters).map((name) => [name, null]))
  return listParameters(query, { q: null, ...own, page: null })
}

/** First, last and the pages around the present one. */
function pageLinks({ page, pages }: Page, to: (change: Change) => string) {
  const link = (label: string, at: number, rel?: string) => ({
    label,
    href: at < 1 || at > pages || at === page ? null : to({ page: at === 1 ? null : at }),
    isCurrent: label === String(page),
    rel,
  })
  const around = [...new Set([1, page - 2, page - 1, page, page + 1, page + 2, pages])]
    .filter((at) => at >= 1 && at <= pages)
    .sort((a, b) => a - b)
  return [
    link(text.list.previous, page - 1, 'prev'),
    ...around.map((at) => link(String(at), at)),
    link(text.list.next, page + 1, 'next'),
  ]
}

/** A link to a record of the list says which list it was opened from, so that the record can lead on to the next one. */
function inPlace(cell: Cell, path: string, place: string): Cell {
  return place && cell.href?.startsWith(`${path}/`) ? { ...cell, href: `${cell.href}?list=${place}` } : cell
}
