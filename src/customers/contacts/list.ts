import { contains } from '../../kernel/db/dialect.ts'
import { foldKey } from '../../kernel/db/fold-key.ts'
import { fieldColumn } from '../../kernel/web/field-column.ts'
import type { Column, Filter, SelectableList } from '../../kernel/web/list.ts'
import { stampColumn } from '../../kernel/web/list-columns.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { text } from '../../texts/index.ts'
import { contactConditions } from './conditions.ts'
import { orderedContacts, reachedContacts, visibleContacts } from './contact.ts'
import { contactField, contactFields } from './fields.ts'
import { fewContacts } from './narrow-ids.ts'
import { contactsPage, isBroad } from './page.ts'
import { contactPath } from './path.ts'
import { lookThrough, searchContacts } from './search.ts'
import { vcard } from './vcard.ts'

const column = (name: Parameters<typeof contactField>[0], more: Partial<Column> = {}) =>
  fieldColumn(contactField(name), more)

/** Those that a contact is sorted, named and led to by are always read; the rest only for the columns that are shown. */
const sortedBy = ['name_pinyin', 'nickname', 'code', 'department', 'position', 'mobile', 'office_phone']
const alwaysNeeded = ['id', 'customer_id', 'name', ...sortedBy]

/** What of a contact stands in a list without anybody's choice. */
export const contactColumns: Column[] = [
  column('name', {
    sort: 'contacts.name_pinyin',
    isFilled: true,
    cell: (row) => ({ text: String(row.name), href: contactPath(row) }),
  }),
  column('nickname', { sort: 'contacts.nickname' }),
  column('code', { sort: 'contacts.code', isFilled: true }),
  column('department', { sort: 'contacts.department' }),
  column('position', { sort: 'contacts.position' }),
  {
    name: 'customer_id',
    label: text.contacts.fields.customer_id,
    kind: 'text',
    cell: (row) => ({ text: String(row.customer_name), href: `/customers/${row.customer_id}` }),
  },
  column('mobile', { sort: 'contacts.mobile' }),
  column('office_phone', { sort: 'contacts.office_phone' }),
]

const hidden: Column[] = [
  ...contactFields
    .filter(({ name }) => !contactColumns.some((column) => column.name === name))
    .map((field) => fieldColumn(field, { isHidden: true })),
  stampColumn('created_at', text.customers.createdAt),
  stampColumn('updated_at', text.customers.updatedAt),
]

const namesNeeded = (columns: Column[]) => [...new Set([...alwaysNeeded, ...columns.map(({ name }) => name)])]

const holds = (name: Parameters<typeof contactField>[0]): Filter => ({
  name,
  label: contactField(name).label,
  kind: 'text',
  apply: (query, value) =>
    name === 'code'
      ? contains(query, ['contacts.code_key'], foldKey(value))
      : contains(query, [`contacts.${name}`], value),
  isUnindexed: true,
})

/** All contacts of the customers one may see. */
export const contactList: SelectableList = {
  path: '/contacts',
  title: text.contacts.title,
  permissions: { view: 'contacts.view', print: 'contacts.print', export: 'contacts.export' },
  table: 'contacts',
  columns: [...contactColumns, ...hidden],
  filters: [holds('department'), holds('position'), holds('nickname'), holds('code')],
  order: { column: 'contacts.name_pinyin', order: 'asc', isFilled: true },
  conditions: contactConditions,
  isAdjustable: true,
  rows: (db, viewer, columns = contactColumns) =>
    columns.length === 0
      ? reachedContacts(db, viewer)
      : visibleContacts(db, viewer).select(
          ...namesNeeded(columns).map((name) => `contacts.${name}`),
          'customers.name as customer_name',
        ),
  windows: orderedContacts,
  few: fewContacts,
  page: (db, query) => contactsPage(db, contactList, query),
  mask: (row, viewer) => maskRow(row, contactFields, viewer),
  search: {
    placeholder: text.contacts.searchPlaceholder,
    apply: searchContacts,
    broad: { isBroad, look: lookThrough },
  },
  selection: {
    noun: text.contacts.one,
    fields: [],
    delete: 'contacts.delete',
    deletionDetails: text.contacts.selectionDeletion,
  },
  otherExports: [{ ending: 'vcf', type: 'text/vcard; charset=utf-8', write: vcard }],
  empty: () => ({ text: text.contacts.empty }),
}
