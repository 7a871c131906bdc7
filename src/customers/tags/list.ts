import type { Knex } from 'knex'
import { contains, paginate } from '../../kernel/db/dialect.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import type { Column, List, ListQuery, Row } from '../../kernel/web/list.ts'
import { orderOf } from '../../kernel/web/list-order.ts'
import { countUpTo, filtered, pagesOf } from '../../kernel/web/list-rows.ts'
import { text } from '../../texts/index.ts'
import { talliesOf } from '../customers/tallies.ts'

const uses: Column = {
  name: 'uses',
  label: text.tags.fields.uses,
  kind: 'number',
  align: 'end',
  cell: ({ id, uses }) => ({
    text: uses === undefined ? '' : showCount(Number(uses)),
    href: uses ? `/customers?tag_id=${id}` : undefined,
  }),
}

/** The list of tags, with the number of customers that carry each. */
export function tagList(list: List): List {
  const [name, ...others] = list.columns.filter(({ name }) => name !== 'created_at')
  // Tags of earlier versions may have no instant of their last change.
  const stamps = others.map(({ isFilled, ...column }) => column)
  return {
    ...list,
    columns: [name as Column, uses, ...stamps],
    selection: undefined,
    search: {
      placeholder: text.tags.fields.name,
      apply: (_db, query, q) => contains(query, ['tags.name', 'tags.name_pinyin'], q),
    },
    page: tagPage,
  }
}

async function tagPage(db: Knex, query: ListQuery, list: List) {
  const counted = await countUpTo(db, filtered(db, list, query), list.table)
  const page = Math.min(query.page, pagesOf(counted.total, query.per))
  const place = { order: orderOf(list, query), offset: (page - 1) * query.per, size: query.per }
  const rows: Row[] = await paginate(filtered(db, list, query), place)
  const ids = rows.map(({ id }) => id)
  // The tallies count everybody's customers: those who reach only some learn no number.
  if (query.viewer.scope('customers.view') !== 'all') return { ...counted, page, rows }
  const uses = await talliesOf(db, 'tag_id', ids)
  return { ...counted, page, rows: rows.map((row) => ({ ...row, uses: uses.get(String(row.id)) ?? 0 })) }
}
