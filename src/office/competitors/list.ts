import { contains } from '../../kernel/db/dialect.ts'
import { text } from '../../kernel/texts/index.ts'
import { type Column, fieldColumn, type List, stampColumn } from '../../kernel/web/list.ts'
import { competitorFields, nameField } from './fields.ts'

const t = text.competitors
const shown = ['size', 'products', 'prices', 'strengths', 'weaknesses']

const columns: Column[] = [
  fieldColumn(nameField, {
    sort: 'competitors.name_pinyin',
    isFilled: true,
    cell: (row) => ({ text: String(row.name), href: `/competitors/${row.id}` }),
  }),
  ...competitorFields
    .filter((field) => field !== nameField)
    .map((field) => fieldColumn(field, { isHidden: !shown.includes(field.name) })),
  { ...stampColumn('updated_at', t.updatedAt), sort: 'competitors.updated_at', isFilled: true },
]

/** All competitors, for whoever may see them. */
export const competitorList: List = {
  path: '/competitors',
  title: t.title,
  permissions: { view: 'competitors.view', print: 'competitors.print', export: 'competitors.export' },
  table: 'competitors',
  columns,
  filters: [],
  order: { column: 'competitors.name_pinyin', order: 'asc', isFilled: true },
  isAdjustable: true,
  rows: (db) => db('competitors').select('competitors.*'),
  search: {
    placeholder: t.searchPlaceholder,
    apply: (_db, query, q) =>
      contains(query, ['competitors.name', 'competitors.name_pinyin', 'competitors.products'], q),
  },
  rowHref: (row) => `/competitors/${row.id}`,
  actions: (request) =>
    request.can('competitors.create') ? [{ label: t.create, href: '/competitors/new', kind: 'primary' }] : [],
  empty: (request) => ({
    text: t.empty,
    ...(request.can('competitors.create') ? { href: '/competitors/new', label: t.create } : {}),
  }),
}
