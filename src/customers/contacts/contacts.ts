import type { Module } from '../../kernel/modules/module.ts'
import type { Act } from '../../kernel/permissions.ts'
import { text } from '../../texts/index.ts'
import { contactHooks, deriveContacts } from './contact.ts'
import { contactFields } from './fields.ts'
import { contactList } from './list.ts'
import { contactPath } from './params.ts'
import { contactSource } from './search-source.ts'

const tending: Act[] = ['view', 'create', 'update', 'print']

/** Contacts 「联系人」: they hang on customers, at whose address they stand. */
export const contacts: Module = {
  name: 'contacts',
  path: '/contacts',
  label: text.contacts.one,
  words: { counted: text.contacts.counted },
  group: 'customers',
  fields: contactFields,
  title: 'name',
  owner: { through: 'customer_id', module: 'customers' },
  acts: ['view', 'create', 'update', 'delete', 'export', 'print', 'unmask'],
  search: [],
  bin: true,
  byHand: ['form', 'card', 'deletion'],
  standsAt: contactPath,
  list: () => contactList,
  source: () => contactSource,
  derive: deriveContacts,
  hooks: contactHooks,
  preset: {
    sales_manager: [...tending, 'delete', 'export'],
    sales: [...tending, 'delete'],
    marketing: tending,
    service: tending,
    finance: ['view'],
    warehouse: ['view'],
    user: tending,
  },
}
