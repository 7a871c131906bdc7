import type { Knex } from 'knex'
import { customerField } from '../../customers/customers/fields.ts'
import { binActs, binPath } from '../../kernel/modules/bin.ts'
import { declaredModules } from '../../kernel/modules/catalogue.ts'
import { rightOf } from '../../kernel/modules/module.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { type Action, type Column, fieldColumn, type List } from '../../kernel/web/list.ts'
import { scopedTo } from '../../kernel/web/scope.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'

const deletedAt = (table: string): Column => ({
  name: 'deleted_at',
  label: text.recycleBin.deletedAt,
  kind: 'instant',
  sort: `${table}.deleted_at`,
  cell: (row) => ({ text: showInstant(row.deleted_at as string) }),
  value: (row) => row.deleted_at,
})

const reach = (viewer: Viewer) => viewer.scope('recycle_bin.view')

/** Customers in the recycle bin; their contacts went there with them. */
export const deletedCustomers: List = {
  path: '/recycle-bin',
  title: text.recycleBin.title,
  permissions: { view: 'recycle_bin.view' },
  table: 'customers',
  columns: [
    fieldColumn(customerField('code')),
    { name: 'name', label: text.customers.fields.name, kind: 'text', cell: (row) => ({ text: String(row.name) }) },
    fieldColumn(customerField('owner_id')),
    deletedAt('customers'),
    ...binActs('/recycle-bin/customers'),
  ],
  filters: [],
  order: { column: 'customers.deleted_at', order: 'desc' },
  rows: (db, viewer) =>
    scopedTo(db, db('customers').whereNotNull('customers.deleted_at'), 'customers.owner_id', reach(viewer)).select(
      'customers.id',
      'customers.code',
      'customers.name',
      'customers.owner_id',
      'customers.deleted_at',
    ),
  actions: (request) => [
    { label: text.recycleBin.contacts, href: '/recycle-bin/contacts', kind: 'plain' },
    ...declaredModules()
      .filter(
        (module) =>
          module.bin && !['customers', 'contacts'].includes(module.name) && request.can(rightOf(module, 'view')),
      )
      .map((module): Action => ({ label: module.label, href: binPath(module), kind: 'plain' })),
  ],
  empty: () => ({ text: text.recycleBin.empty }),
}

const deletedAlone = (db: Knex) =>
  db('contacts')
    .join('customers', 'customers.id', 'contacts.customer_id')
    .whereNotNull('contacts.deleted_at')
    .whereNull('customers.deleted_at')

/** Contacts that were deleted by themselves, of customers that are still there. */
export const deletedContacts: List = {
  path: '/recycle-bin/contacts',
  title: text.recycleBin.contactsTitle,
  permissions: { view: 'recycle_bin.view' },
  table: 'contacts',
  columns: [
    { name: 'name', label: text.contacts.fields.name, kind: 'text', cell: (row) => ({ text: String(row.name) }) },
    {
      name: 'customer',
      label: text.contacts.fields.customer_id,
      kind: 'text',
      cell: (row) => ({ text: String(row.customer_name), href: `/customers/${row.customer_id}` }),
    },
    deletedAt('contacts'),
    ...binActs('/recycle-bin/contacts'),
  ],
  filters: [],
  order: { column: 'contacts.deleted_at', order: 'desc' },
  rows: (db, viewer) =>
    scopedTo(db, deletedAlone(db), 'customers.owner_id', reach(viewer)).select(
      'contacts.id',
      'contacts.name',
      'contacts.customer_id',
      'contacts.deleted_at',
      'customers.name as customer_name',
    ),
  actions: () => [{ label: text.recycleBin.first, href: '/recycle-bin', kind: 'plain' }],
  empty: () => ({ text: text.recycleBin.empty }),
}
