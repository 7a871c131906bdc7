import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import type { Customer } from '../customers/customer.ts'
import { contains, startsWith } from '../db/dialect.ts'
import { matching } from '../db/search.ts'
import type { Reference } from '../reference.ts'
import { searchTerms } from '../search/terms.ts'
import { text } from '../texts/index.ts'
import { type Column, type Filter, fieldColumn, type List, type Row } from '../web/list.ts'
import { totalText } from '../web/list-view.ts'
import { type Contact, visibleContacts } from './contact.ts'
import { contactField } from './fields.ts'

const column = (name: Parameters<typeof contactField>[0], more: Partial<Column> = {}) =>
  fieldColumn(contactField(name), more)
const path = (row: Row) => `/customers/${row.customer_id}/contacts/${row.id}`

const columns: Column[] = [
  column('name', { sort: 'contacts.name_pinyin', cell: (row) => ({ text: String(row.name), href: path(row) }) }),
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
  columns,
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
  empty: () => ({ text: text.contacts.empty }),
}

const searched = ['name', 'nickname', 'code', 'mobile', 'office_phone', 'name_pinyin', 'name_initials'].map(
  (name) => `contacts.${name}`,
)

/** Names and phones of contacts stand in the search of their customers, which leaves few to look at. */
function searchContacts(db: Knex, query: Knex.QueryBuilder, q: string) {
  const terms = searchTerms(q)
  const near = terms ? query.whereIn('contacts.customer_id', matching(db, { terms })) : query
  return contains(near, searched, q)
}

const ownColumns = columns.filter(({ name }) => name !== 'customer_id')

/** The contacts of one customer, as the tab of its card shows them. */
export function customerContactsView(
  request: FastifyRequest,
  customer: Customer,
  contacts: Contact[],
  reference: Reference,
) {
  const newHref = request.can('contacts.create') ? `/customers/${customer.id}/contacts/new` : undefined
  const total = { total: contacts.length, isCapped: false }
  return {
    title: text.contacts.title,
    path: `/customers/${customer.id}/contacts`,
    actions: newHref ? [{ label: text.contacts.create, href: newHref, kind: 'primary' }] : [],
    columns: ownColumns.map(({ name, label, align = 'start' }) => ({
      name,
      label,
      align,
      sortHref: null,
      sorted: null,
    })),
    rows: contacts.map((contact) => ({
      id: contact.id,
      href: path(contact),
      cells: ownColumns.map((column) => mainCell(column, contact, reference)),
    })),
    filters: [],
    search: null,
    hidden: [],
    isFiltered: false,
    ...total,
    totalText: totalText(total),
    pages: 1,
    page: 1,
    pageLinks: [],
    perLinks: [],
    exportHrefs: [],
    empty: { text: text.list.nothingYet, href: newHref, label: text.contacts.create },
  }
}

function mainCell(column: Column, contact: Contact, reference: Reference) {
  const cell = column.cell(contact, reference)
  return column.name === 'name' && contact.is_main ? { ...cell, text: text.contacts.mainName(contact.name) } : cell
}
