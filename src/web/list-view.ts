import type { FastifyRequest } from 'fastify'
import type { Reference } from '../reference.ts'
import { text } from '../texts/index.ts'
import { optionViews } from './form.ts'
import type { Column, Filter, List, ListQuery } from './list.ts'
import type { Page } from './list-page.ts'
import { listAddress, sizes } from './list-query.ts'
import { showCount } from './show.ts'

/** A list as views/shared/_list.eta wants it. */
export function listView(request: FastifyRequest, list: List, query: ListQuery, page: Page, reference: Reference) {
  const to = (change: Record<string, string | number | null>) => listAddress(list.path, query, change)
  const first = (page.page - 1) * query.per + 1
  const isFiltered = query.q !== '' || Object.keys(query.filters).length > 0
  const columns = list.columns.filter(({ permission }) => !permission || request.can(permission))
  return {
    title: list.title,
    path: list.path,
    actions: list.actions?.(request) ?? [],
    columns: columns.map((column) => columnView(column, query, to)),
    rows: page.rows.map((row) => ({
      id: row.id,
      href: list.rowHref?.(row),
      cells: columns.map((column) => column.cell(row, reference)),
    })),
    filters: list.filters.map((filter) => filterView(filter, query, reference)),
    search: list.search ? { value: query.q, placeholder: list.search.placeholder } : null,
    hidden: hiddenParameters(query),
    isFiltered,
    clearHref: list.path,
    total: page.total,
    totalText: totalText(page),
    page: page.page,
    pages: page.pages,
    range: page.rows.length > 0 ? text.list.range(showCount(first), showCount(first + page.rows.length - 1)) : '',
    pageLinks: pageLinks(page, to),
    perLinks: sizes.map((size) => ({
      label: String(size),
      href: to({ per: size === sizes[0] ? null : size, page: null }),
      isCurrent: size === query.per,
    })),
    printHref:
      list.permissions.print && request.can(list.permissions.print) ? listAddress(`${list.path}/print`, query) : null,
    exportHrefs:
      list.permissions.export && request.can(list.permissions.export)
        ? ['xlsx', 'csv'].map((ending) => ({
            label: ending,
            href: listAddress(`${list.path}.${ending}`, query, { page: null, per: null }),
          }))
        : [],
    empty: isFiltered ? { text: text.list.nothingFound } : (list.empty?.(request) ?? { text: text.list.nothingYet }),
  }
}

export const totalText = ({ total, isCapped }: { total: number; isCapped: boolean }) =>
  text.list.total(showCount(total) + (isCapped ? '+' : ''))

function columnView(column: Column, query: ListQuery, to: (change: Record<string, string | null>) => string) {
  const isSorted = query.sort?.column === column
  const isAscending = isSorted && !query.sort?.isDescending
  return {
    name: column.name,
    label: column.label,
    align: column.align ?? 'start',
    sortHref: column.sort ? to({ sort: `${isAscending ? '-' : ''}${column.name}`, page: null }) : null,
    sorted: isSorted ? (isAscending ? 'ascending' : 'descending') : null,
  }
}

function filterView(filter: Filter, query: ListQuery, reference: Reference) {
  const { name, label, kind } = filter
  if (kind === 'days') {
    const side = (name: string) => ({ name, value: query.filters[name] ?? '' })
    return { name, label, kind, from: side(`${name}_from`), to: side(`${name}_to`) }
  }
  const value = query.filters[name] ?? ''
  return {
    name,
    label,
    kind,
    value,
    options: kind === 'choice' ? optionViews(filter.options(reference, query.filters), value) : undefined,
  }
}

/** Order and size stay when the filter form is sent; the page begins anew. */
function hiddenParameters({ sort, per }: ListQuery) {
  return [
    ...(sort ? [{ name: 'sort', value: `${sort.isDescending ? '-' : ''}${sort.column.name}` }] : []),
    ...(per === sizes[0] ? [] : [{ name: 'per', value: String(per) }]),
  ]
}

/** First, last and the pages around the present one. */
function pageLinks({ page, pages }: Page, to: (change: Record<string, string | number | null>) => string) {
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
