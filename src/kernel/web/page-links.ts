import { text } from '../../texts/index.ts'
import { showCount } from './formatting.ts'
import type { List, ListQuery } from './list.ts'
import type { Page } from './list-page.ts'
import { type Change, listAddress, sizes } from './list-query.ts'

/** Which rows a page shows. */
export function rangeText({ rows, page }: Page, { per }: ListQuery) {
  const first = (page - 1) * per + 1
  return rows.length > 0 ? text.list.range(showCount(first), showCount(first + rows.length - 1)) : ''
}

/** First, last and the pages around the present one. */
export function pageLinks({ page, pages }: Page, to: (change: Change) => string) {
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

/** How many rows a page may have. */
export const sizeLinks = ({ path }: List, query: ListQuery) =>
  sizes.map((size) => ({
    label: String(size),
    href: listAddress(path, { ...query, per: size, page: 1 }),
    isCurrent: size === query.per,
  }))
