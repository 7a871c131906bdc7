import type { FastifyRequest } from 'fastify'
import { strict, text } from '../../texts/index.ts'
import { madeOnce } from '../made-once.ts'
import type { Reference } from '../reference.ts'
import { filterViews } from './filter-views.ts'
import { showCount } from './formatting.ts'
import type { Cell, Column, Filter, List, ListQuery } from './list.ts'
import type { Act } from './list-acts.ts'
import { adjustViews, conditionViews, selectionView } from './list-adjust.ts'
import { shownColumns } from './list-columns.ts'
import type { Page } from './list-page.ts'
import { type Change, conditionsFor, isSortable, listAddress, listParameters, unreadSentences } from './list-query.ts'
import { pageLinks, rangeText, sizeLinks } from './page-links.ts'
import { keepRendering } from './template-cache.ts'
import { widthsOf } from './widths.ts'

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
  const isNarrowed = Object.keys(query.filters).length > 0 || Boolean(query.conditions?.length)
  const isFiltered = query.q !== '' || isNarrowed
  const columns = shownColumns(list, query).filter(({ permission }) => !permission || request.can(permission))
  const walked = list.isWalked ? listAddress('', query, { page: null, per: null, view: null }).slice(1) : ''
  const filters = filterViews(list, query, reference)
  const search = list.search ? { value: query.q, placeholder: list.search.placeholder } : null
  const conditionFields = conditionsFor(list, query.viewer).map(({ name, label }) => ({ value: name, label }))
  const form = { path: list.path, hidden: hiddenParameters(query), filters, conditionFields }
  const selection = selectionView(request, list, query)
  const widths = widthsOf(columns, query)
  return {
    path: list.path,
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
      widths,
    }),
    isSized: widths !== null,
    adjustable: list.isAdjustable ? list.path : null,
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
        ? { ...nothingFound(list, query), ...(query.q && !isNarrowed && list.creation?.(request, query.q)) }
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
const selectionBar = ({ path, selection }: List, page: Page, acts: Act[]) =>
  keepRendering({
    path,
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

/** Whatever is not a field of the filter form stays when it is sent; the page begins anew. */
function hiddenParameters(query: ListQuery) {
  const own = Object.fromEntries(Object.keys(query.filters).map((name) => [name, null]))
  return listParameters(query, { q: null, ...own, page: null })
}

/** A link to a record of the list says which list it was opened from, so that the record can lead on to the next one. */
function inPlace(cell: Cell, path: string, place: string): Cell {
  return place && cell.href?.startsWith(`${path}/`) ? { ...cell, href: `${cell.href}?list=${place}` } : cell
}
