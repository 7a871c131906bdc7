import { startsWith } from '../db/dialect.ts'
import { text } from '../texts/index.ts'
import { type Column, type Filter, fieldColumn, type List } from '../web/list.ts'
import { visibleContacts } from './contact.ts'
import { contactField } from './fields.ts'
import { contactPath } from './params.ts'
import { searchContacts } from './search.ts'

const column = (name: Parameters<typeof contactField>[0], more: Partial<Column> = {}) =>
  fieldColumn(contactField(name), more)

export const contactColumns: Column[] = [
  column('name', { sort: 'contacts.name_pinyin', cell: (row) => ({ text: String(row.name), href: contactPath(row) }) }),
  column('nickname'),
  column('code', { sort: 'contacts.code' }),
  column('department', { sort: 'contacts.department' }),
  column('position', { sort: 'contacts.position' }),
  {
    name: 'customer_id',
    label: text.contacts.fields.customer_id,
    kind: 'text',
    cell: (row) => ({ text: String(row.customer_name), href: `/customers/${row.customer_id}` }),
  },
  column('mobile'),
  column('office_phone'),
]

const begins = (name: Parameters<typeof contactField>[0]): Filter => ({
  name,
  label: contactField(name).label,
  kind: 'text',
  apply: (query, value) => startsWith(query, `contacts.${name}`, value),
})

/** All contacts of the customers one may see. */
export const contactList: List = {
  path: '/contacts',
  title: text.contacts.title,
  permissions: { view: 'contacts.view', print: 'contacts.print', export: 'contacts.export' },
  table: 'contacts',
  columns: contactColumns,
  filters: [begins('department'), begins('position'), begins('nickname'), begins('code')],
  order: { column: 'contacts.name_pinyin', order: 'asc' },
  rows: (db) =>
    visibleContacts(db).select(
      'contacts.id',
      'contacts.name',
      'contacts.name_pinyin',
      'contacts.nickname',
      'contacts.code',
      'contacts.department',
      'contacts.position',
      'contacts.customer_id',
      'contacts.mobile',
      'contacts.office_phone',
      'customers.name as customer_name',
    ),
  search: {
    placeholder: text.contacts.searchPlaceholder,
    apply: searchContacts,
  },
  otherExports: ['vcf'],
  empty: () => ({ text: text.contacts.empty }),
}
