import type { Knex } from 'knex'
import { creationAt } from '../../kernel/modules/creation.ts'
import type { ModuleField } from '../../kernel/modules/module.ts'
import type { Tag } from '../../kernel/reference.ts'
import { dueCell } from '../../kernel/web/due.ts'
import { fieldColumn } from '../../kernel/web/field-column.ts'
import type { Column, Row, SelectableList } from '../../kernel/web/list.ts'
import { stampColumn } from '../../kernel/web/list-columns.ts'
import { choiceParts } from '../../kernel/web/list-parts.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { phoneCell } from '../../kernel/web/phone-cell.ts'
import { text } from '../../texts/index.ts'
import { addingColumn } from '../follow-ups/adding.ts'
import { customerConditions } from './conditions.ts'
import { visibleCustomers } from './customer.ts'
import { customerField, customerFields } from './fields.ts'
import { keptOrders } from './kept-orders.ts'
import { customerFilters } from './list-filters.ts'
import { mainContactColumns, withMainContacts } from './main-contacts.ts'
import { placeParts, placeText, shortPlace } from './place.ts'
import { searchCustomers } from './search.ts'
import { customerSelecting } from './selecting.ts'
import { tagMarks, withTags } from './tags.ts'

const column = (name: Parameters<typeof customerField>[0], more: Partial<Column> = {}) =>
  fieldColumn(customerField(name), more)
const chosen = (name: Parameters<typeof customerField>[0]) =>
  column(name, { parts: choiceParts(customerField(name), name) })

/** Those that are sorted by are always read; the rest only for the columns that are shown. */
const sortedBy = ['code', 'name', 'name_pinyin', 'phone', 'registered_on', 'next_contact_on', ...keptOrders]
const places = ['province_code', 'city_code', 'district_code']

/** The first tags as labels, and how many more there are, which say what they are. */
function labelsOf(tag_ids: unknown, tags: Tag[], most: number) {
  const marks = tagMarks({ tag_ids }, tags)
  const rest = marks.slice(most)
  const more = { text: `+${rest.length}`, tone: 'gray', title: text.common.listed(rest.map((mark) => mark.text)) }
  return [...marks.slice(0, most), ...(rest.length > 0 ? [more] : [])]
}

const shown: Column[] = [
  column('code', { sort: 'customers.code', isFilled: true }),
  column('name', {
    sort: 'customers.name_pinyin',
    isFilled: true,
    cell: (row, { tags }) => ({
      text: String(row.name),
      href: `/customers/${row.id}`,
      labels: row.label_ids ? labelsOf(row.label_ids, tags, 1) : undefined,
    }),
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
  addingColumn,
]

/** So many tags stand in their column as labels; a file has all their names. */
const mostLabels = 3

const labelled = (field: ModuleField): Partial<Column> =>
  field.name === 'tag_ids'
    ? {
        sort: 'customers.first_tag_pinyin',
        cell: (row, reference) => {
          const text = field.kind.show(row.tag_ids, field, reference)
          return { text, title: text, marks: labelsOf(row.tag_ids, reference.tags, mostLabels) }
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

/** Rows with the tags that stand behind their names, where no column shows them. */
async function withLabels(db: Knex, rows: Row[]): Promise<Row[]> {
  const some = await withTags<Row>(
    db,
    rows.filter(({ first_tag_pinyin }) => first_tag_pinyin),
  )
  const labels = new Map(some.map(({ id, tag_ids }) => [id, tag_ids]))
  return labels.size === 0 ? rows : rows.map((row) => ({ ...row, label_ids: labels.get(row.id) }))
}

const namesNeeded = (columns: Column[]) => [
  ...new Set(['id', ...sortedBy, ...columns.flatMap(({ name, needs = [name] }) => needs)]),
]

/** The list of customers with its order and its search, but for the quick way to a page of it (page.ts). */
export const orderedCustomers: SelectableList = {
  path: '/customers',
  title: text.customers.title,
  permissions: { view: 'customers.view', print: 'customers.print', export: 'customers.export' },
  table: 'customers',
  columns,
  filters: customerFilters,
  order: { column: 'customers.registered_on', order: 'desc', isFilled: true },
  conditions: customerConditions,
  isAdjustable: true,
  rows: (db, viewer, columns = shown) =>
    visibleCustomers(db, viewer).select(namesNeeded(columns).map((name) => `customers.${name}`)),
  complete: async (db, rows, columns, viewer) => {
    const asksFor = (asked: Column[]) => columns.some(({ name }) => asked.some((one) => one.name === name))
    const isTagged = columns.some(({ name }) => name === 'tag_ids')
    const tagged = isTagged ? await withTags<Row>(db, rows) : await withLabels(db, rows)
    return asksFor(mainContactColumns) ? withMainContacts(db, viewer, tagged) : tagged
  },
  search: { placeholder: text.customers.searchPlaceholder, isNewestFirst: true, apply: searchCustomers },
  isWalked: true,
  selection: customerSelecting,
  mask: (row, viewer) => maskRow(row, customerFields, viewer),
  rowHref: (row) => `/customers/${row.id}`,
  actions: (request) =>
    request.can('customers.create') ? [{ label: text.customers.create, href: '/customers/new', kind: 'primary' }] : [],
  creation: (request, q) =>
    request.can('customers.create')
      ? creationAt({ path: '/customers', title: 'name', create: text.customers.create }, q)
      : undefined,
  empty: (request) => ({
    text: text.customers.empty,
    ...(request.can('customers.create') ? { href: '/customers/new', label: text.customers.create } : {}),
    ...(request.can('customers.import')
      ? { text: text.customers.emptyBefore, href: '/imports/new', label: text.imports.create }
      : {}),
  }),
}
