import type { FastifyRequest } from 'fastify'
import { strict, text } from '../../texts/index.ts'
import { madeOnce } from '../made-once.ts'
import type { Reference } from '../reference.ts'
import { fieldView, optionViews } from './field-view.ts'
import { showCount } from './formatting.ts'
import type { Cell, Column, Filter, List, ListQuery } from './list.ts'
import type { Act } from './list-acts.ts'
import { adjustViews, conditionViews, selectionView } from './list-adjust.ts'
import { shownColumns } from './list-columns.ts'
import type { Page } from './list-page.ts'
import { type Change, isSortable, listAddress, listParameters, unreadSentences } from './list-query.ts'
import { pageLinks, rangeText, sizeLinks } from './page-links.ts'
import { keepRendering } from './template-cache.ts'

const words = strict(text)

/** A list as views/shared/_list.eta wants it: only its rows are made anew where the same person asks the same again. */
export function listView(request: FastifyRequest, list: List, query: ListQuery, page: Page, reference: Reference) {
  const { columns, place, selection, counted, ...steady } = steadyView(query, request, list, reference)
  const { selectionBar, ...numbers } = counted(page)
  return {
    ...steady,
    ...numbers,
    columns,
    rows: page.rows.map((row) => ({
      id: row.id,
      name: row.name,
      href: list.rowHref?.(row),
      cells: columns.map((column) => inPlace(column.cell(row, reference), list.path, place)),
    })),
    selection: selection && { ...selection, bar: selectionBar, shown: page.rows.map(({ id }) => id).join(',') },
  }
}

/** What stays as long as the same person asks the same of a list. */
const steadyView = madeOnce((query: ListQuery, request: FastifyRequest, list: List, reference: Reference) => {
  const to = (change: Change) => listAddress(list.path, query, change)
  const isFiltered = query.q !== '' || Object.keys(query.filters).length > 0 || Boolean(query.conditions?.length)
  const columns = shownColumns(list, query).filter(({ permission }) => !permission || request.can(permission))
  const walked = list.isWalked ? listAddress('', query, { page: null, per: null, view: null }).slice(1) : ''
  const filters = filterViews(list, query, reference)
  const search = list.search ? { value: query.q, placeholder: list.search.placeholder } : null
  const form = { path: list.path, hidden: hiddenParameters(query), search, filters }
  const selection = selectionView(request, list, query)
  return {
    title: list.title,
    columns,
    place: encodeURIComponent(walked),
    actionBar: keepRendering({ text: words, actions: list.actions?.(request) ?? [] }),
    filters,
    search,
    filterForm: search || filters.length > 0 ? keepRendering({ text: words, list: form }) : null,
    tableHead: keepRendering({
      text: words,
      columns: columns.map((column) => columnView(column, query, to)),
      hasChecks: selection !== null,
    }),
    selection,
    unread: unreadSentences(query),
    readHref: listAddress(list.path, query),
    clearHref: isFiltered
      ? listAddress(list.path, { ...query, q: '', filters: {}, conditions: [], page: 1, view: undefined })
      : null,
    conditions: conditionViews(list, query, reference),
    ...adjustViews(list, query, request.query as Record<string, unknown>, reference),
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
    counted: whileCounted((page) => ({
      total: page.total,
      totalText: totalText(page),
      selectionBar: selection && selectionBar(list, page, selection.acts),
      pageNav: keepRendering({
        text: words,
        list: {
          range: rangeText(page, query),
          pages: page.pages,
          pageLinks: pageLinks(page, to),
          perLinks: sizeLinks(list, query),
        },
      }),
    })),
  }
})

/** Answers what was made last as long as a page has as many rows of as many. */
function whileCounted<V>(make: (page: Page) => V) {
  let held: { counts: string; made: V } | undefined
  return (page: Page): V => {
    const counts = [page.total, page.isCapped, page.page, page.pages, page.rows.length].join()
    if (held?.counts !== counts) held = { counts, made: make(page) }
    return held.made
  }
}

/** What is done with which rows, as views/shared/_selection-bar.eta wants it. */
const selectionBar = ({ selection }: List, page: Page, acts: Act[]) =>
  keepRendering({
    text: words,
    noun: selection?.noun ?? '',
    acts,
    isUndone: acts.some(({ path }) => /^(changes|transfer|deletion)/.test(path)),
    pageCount: showCount(page.rows.length),
    wholeCount: countText(page),
  })

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

/** A link to a record of the list says which list it was opened from, so that the record can lead on to the next one. */
function inPlace(cell: Cell, path: string, place: string): Cell {
  return place && cell.href?.startsWith(`${path}/`) ? { ...cell, href: `${cell.href}?list=${place}` } : cell
}
