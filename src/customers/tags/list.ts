import type { Knex } from 'knex'
import { contains, paginate } from '../../kernel/db/dialect.ts'
import { text } from '../../kernel/texts/index.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { actColumn, fieldColumn, type List, type ListQuery, type Row } from '../../kernel/web/list.ts'
import { orderOf } from '../../kernel/web/list-order.ts'
import { countUpTo, filtered, pagesOf } from '../../kernel/web/list-page.ts'
import { talliesOf } from '../customers/tallies.ts'
import { nameField } from './fields.ts'

/** All tags, with the number of customers that carry each. */
export const tagList: List = {
  path: '/tags',
  title: text.tags.title,
  permissions: { view: 'tags.view' },
  table: 'tags',
  columns: [
    fieldColumn(nameField, {
      sort: 'tags.name_pinyin',
      cell: (row) => ({ text: String(row.name), tone: (row.tone as string | null) ?? 'gray' }),
    }),
    {
      name: 'uses',
      label: text.tags.fields.uses,
      kind: 'number',
      align: 'end',
      cell: ({ id, uses }) => ({
        text: uses === undefined ? '' : showCount(Number(uses)),
        href: uses ? `/customers?tag_id=${id}` : undefined,
      }),
    },
    actColumn('edit', { label: text.actions.update, permission: 'tags.update', href: ({ id }) => `/tags/${id}/edit` }),
    actColumn('deletion', {
      label: text.actions.delete,
      permission: 'tags.delete',
      href: ({ id }) => `/tags/${id}/deletion`,
    }),
  ],
  filters: [],
  order: { column: 'tags.name_pinyin', order: 'asc' },
  rows: (db) => db('tags').select('tags.id', 'tags.name', 'tags.name_pinyin', 'tags.tone'),
  search: {
    placeholder: text.tags.searchPlaceholder,
    apply: (_db, query, q) => contains(query, ['tags.name', 'tags.name_pinyin'], q),
  },
  page: tagPage,
  actions: (request) =>
    request.can('tags.create') ? [{ label: text.tags.create, href: '/tags/new', kind: 'primary' }] : [],
  empty: () => ({ text: text.tags.empty }),
}

async function tagPage(db: Knex, query: ListQuery) {
  const counted = await countUpTo(db, filtered(db, tagList, query), tagList.table)
  const page = Math.min(query.page, pagesOf(counted.total, query.per))
  const place = { order: orderOf(tagList, query), offset: (page - 1) * query.per, size: query.per }
  const rows: Row[] = await paginate(filtered(db, tagList, query), place)
  const ids = rows.map(({ id }) => id)
  // The tallies count everybody's customers: those who reach only some learn no number.
  if (query.viewer.reach('customers.view') !== 'all') return { ...counted, page, rows }
  const uses = await talliesOf(db, 'tag_id', ids)
  return { ...counted, page, rows: rows.map((row) => ({ ...row, uses: uses.get(String(row.id)) ?? 0 })) }
}
