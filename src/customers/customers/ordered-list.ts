import type { ModuleField } from '../../kernel/modules/module.ts'
import { dueCell } from '../../kernel/web/due.ts'
import { choiceFilter, fieldColumn } from '../../kernel/web/field-column.ts'
import type { Column, Filter, Row, SelectableList } from '../../kernel/web/list.ts'
import { stampColumn } from '../../kernel/web/list-columns.ts'
import { choiceParts } from '../../kernel/web/list-parts.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { phoneCell } from '../../kernel/web/phone-cell.ts'
import { text } from '../../texts/index.ts'
import { tagOptions } from '../tags/fields.ts'
import { customerConditions } from './conditions.ts'
import { visibleCustomers } from './customer.ts'
import { customerField, customerFields } from './fields.ts'
import { mainContactColumns, withMainContacts } from './main-contacts.ts'
import { divisionFilter, placeParts, placeText, shortPlace } from './place.ts'
import { searchCustomers } from './search.ts'
import { customerSelecting } from './selecting.ts'
import { tagMarks, withTags } from './tags.ts'

const column = (name: Parameters<typeof customerField>[0], more: Partial<Column> = {}) =>
  fieldColumn(customerField(name), more)
const chosen = (name: Parameters<typeof customerField>[0]) =>
  column(name, { parts: choiceParts(customerField(name), name) })
const choice = (name: Parameters<typeof customerField>[0]) => choiceFilter(customerField(name))

/** Those that are sorted by are always read; the rest only for the columns that are shown. */
const sortedBy = ['code', 'name', 'name_pinyin', 'phone', 'registered_on', 'next_contact_on']
const places = ['province_code', 'city_code', 'district_code']

const shown: Column[] = [
  column('code', { sort: 'customers.code', isFilled: true }),
  column('name', {
    sort: 'customers.name_pinyin',
    isFilled: true,
    cell: (row) => ({ text: String(row.name), href: `/customers/${row.id}` }),
  }),
  chosen('level_id'),
  chosen('status_id'),
  {
    name: 'place',
    label: text.customers.place,
    kind: 'text',
    needs: places,
    parts: placeParts,
    cell: (row, reference) => ({ text: shortPlace(row, reference), title: placeText(row, reference) }),
  },
  {
    name: 'phone',
    label: text.customers.phone,
    heading: customerField('phone').label,
    kind: 'text',
    needs: ['phone', 'mobile'],
    sort: 'customers.phone',
    mask: 'phone',
    cell: (row) => phoneCell(String(row.phone ?? row.mobile ?? '')),
  },
  chosen('owner_id'),
  column('next_contact_on', {
    label: text.customers.filters.nextContact,
    heading: customerField('next_contact_on').label,
    sort: 'customers.next_contact_on',
    cell: (row) => dueCell(row.next_contact_on),
  }),
  column('registered_on', { sort: 'customers.registered_on', isFilled: true }),
]

/** So many tags stand in a list as labels; how many more there are is said behind them. */
const mostLabels = 3

/** Tags are labels in a list; a file has all their names. */
const labelled = (field: ModuleField): Partial<Column> =>
  field.name === 'tag_ids'
    ? {
        cell(row, reference) {
          const text = field.kind.show(row.tag_ids, field, reference)
          const marks = tagMarks({ tag_ids: row.tag_ids }, reference.tags)
          const more = marks.length - mostLabels
          const rest = more > 0 ? [{ text: `+${more}`, tone: 'gray' }] : []
          return { text, marks: [...marks.slice(0, mostLabels), ...rest], ...(more > 0 && { title: text }) }
        },
      }
    : {}

const hidden: Column[] = [
  ...mainContactColumns,
  ...customerFields
    .filter(({ name }) => !shown.some((column) => column.name === name))
    .map((field) => fieldColumn(field, { isHidden: true, needs: field.isLinked ? [] : undefined, ...labelled(field) })),
  stampColumn('created_at', text.customers.createdAt),
  stampColumn('updated_at', text.customers.updatedAt),
]

const columns = [...shown, ...hidden]

const namesNeeded = (columns: Column[]) => [
  ...new Set(['id', ...sortedBy, ...columns.flatMap(({ name, needs = [name] }) => needs)]),
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
  divisionFilter('province_code'),
  divisionFilter('city_code'),
  divisionFilter('district_code'),
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

/** The list of customers with its order and its search, but for the quick way to a page of it (page.ts). */
export const orderedCustomers: SelectableList = {
  path: '/customers',
  title: text.customers.title,
  permissions: { view: 'customers.view', print: 'customers.print', export: 'customers.export' },
  table: 'customers',
  columns,
  filters,
  order: { column: 'customers.registered_on', order: 'desc', isFilled: true },
  conditions: customerConditions,
  isAdjustable: true,
  rows: (db, viewer, columns = shown) =>
    visibleCustomers(db, viewer).select(namesNeeded(columns).map((name) => `customers.${name}`)),
  complete: async (db, rows, columns, viewer) => {
    const asksFor = (asked: Column[]) => columns.some(({ name }) => asked.some((one) => one.name === name))
    const tagged = columns.some(({ name }) => name === 'tag_ids') ? await withTags<Row>(db, rows) : rows
    return asksFor(mainContactColumns) ? withMainContacts(db, viewer, tagged) : tagged
  },
  search: { placeholder: text.customers.searchPlaceholder, isNewestFirst: true, apply: searchCustomers },
  isWalked: true,
  selection: customerSelecting,
  mask: (row, viewer) => maskRow(row, customerFields, viewer),
  rowHref: (row) => `/customers/${row.id}`,
  actions: (request) =>
    request.can('customers.create') ? [{ label: text.customers.create, href: '/customers/new', kind: 'primary' }] : [],
  empty: (request) => ({
    text: text.customers.empty,
    ...(request.can('customers.create') ? { href: '/customers/new', label: text.customers.create } : {}),
    ...(request.can('customers.import')
      ? { text: text.customers.emptyBefore, href: '/imports/new', label: text.imports.create }
      : {}),
  }),
}
