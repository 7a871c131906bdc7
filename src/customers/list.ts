import { tagOptions } from '../tags/fields.ts'
import { text } from '../texts/index.ts'
import { type Column, choiceFilter, type Filter, fieldColumn, type List } from '../web/list.ts'
import { visibleCustomers } from './customer.ts'
import { customerField } from './fields.ts'
import { customersPage, searchCustomers } from './page.ts'
import { divisionFilter, placeText, shortPlace } from './place.ts'

const column = (name: Parameters<typeof customerField>[0], more: Partial<Column> = {}) =>
  fieldColumn(customerField(name), more)
const choice = (name: Parameters<typeof customerField>[0]) => choiceFilter(customerField(name))

const columns: Column[] = [
  column('code', { sort: 'customers.code' }),
  column('name', {
    sort: 'customers.name_pinyin',
    cell: (row) => ({ text: String(row.name), href: `/customers/${row.id}` }),
  }),
  column('level_id'),
  column('status_id'),
  {
    name: 'place',
    label: text.customers.place,
    kind: 'text',
    cell: (row, reference) => ({ text: shortPlace(row, reference), title: placeText(row, reference) }),
  },
  {
    name: 'phone',
    label: text.customers.phone,
    kind: 'text',
    cell: (row) => ({ text: String(row.phone ?? row.mobile ?? '') }),
  },
  column('owner_id'),
  column('next_contact_on', { label: text.customers.filters.nextContact, sort: 'customers.next_contact_on' }),
  column('registered_on', { sort: 'customers.registered_on' }),
]

/** The first ones stand in sight, the rest under 「更多条件」. */
const filters: Filter[] = [
  choice('level_id'),
  choice('source_id'),
  choice('status_id'),
  choice('owner_id'),
  choice('industry_id'),
  choice('type_id'),
  choice('region_id'),
  choice('ownership_id'),
  choice('importance_id'),
  choice('credit_rating_id'),
  choice('kind'),
  {
    name: 'tag_id',
    label: text.customers.fields.tag_ids,
    kind: 'choice',
    options: tagOptions,
    apply: (query, value) =>
      query.whereIn('customers.id', (tagged) =>
        tagged.from('customer_tags').where('tag_id', Number(value)).select('customer_id'),
      ),
  },
  divisionFilter('province_code', () => null),
  divisionFilter('city_code', (values) => values.province_code),
  divisionFilter('district_code', (values) => values.city_code),
  {
    name: 'registered_on',
    label: text.customers.fields.registered_on,
    kind: 'days',
    column: 'customers.registered_on',
  },
  {
    name: 'next_contact_on',
    label: text.customers.filters.nextContact,
    kind: 'days',
    column: 'customers.next_contact_on',
  },
]

export const customerList: List = {
  path: '/customers',
  title: text.customers.title,
  permissions: { view: 'customers.view', print: 'customers.print', export: 'customers.export' },
  table: 'customers',
  columns,
  filters,
  order: { column: 'customers.registered_on', order: 'desc' },
  rows: (db) =>
    visibleCustomers(db).select(
      'customers.id',
      'customers.code',
      'customers.name',
      'customers.name_pinyin',
      'customers.level_id',
      'customers.status_id',
      'customers.province_code',
      'customers.city_code',
      'customers.district_code',
      'customers.phone',
      'customers.mobile',
      'customers.owner_id',
      'customers.next_contact_on',
      'customers.registered_on',
    ),
  search: { placeholder: text.customers.searchPlaceholder, isNewestFirst: true, apply: searchCustomers },
  page: customersPage,
  isWalked: true,
  rowHref: (row) => `/customers/${row.id}`,
  actions: (request) =>
    request.can('customers.create') ? [{ label: text.customers.create, href: '/customers/new', kind: 'primary' }] : [],
  empty: (request) => ({
    text: text.customers.empty,
    ...(request.can('customers.create') ? { href: '/customers/new', label: text.customers.create } : {}),
  }),
}
