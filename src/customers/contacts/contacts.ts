import type { Module } from '../../kernel/modules/module.ts'
import type { Act } from '../../kernel/permissions.ts'
import { text } from '../../texts/index.ts'
import { contactCard } from './card.ts'
import { contactHooks, contactWriting, deriveContacts } from './contact.ts'
import { contactFields, contactGroups } from './fields.ts'
import { contactList } from './list.ts'
import { contactsPath } from './path.ts'
import { contactSource } from './search-source.ts'

const tending: Act[] = ['view', 'create', 'update', 'print']

/** Contacts 「联系人」: they hang on customers, at whose address they stand. */
export const contacts: Module = {
  name: 'contacts',
  path: '/contacts',
  ...text.contacts.said,
  group: 'customers',
  fields: contactFields,
  groups: contactGroups,
  brief: ['name', 'position', 'mobile', 'office_phone', 'email', 'wechat'],
  short: ['sex', 'department', 'position', 'is_main', 'mobile', 'office_phone', 'email', 'wechat', 'notes'],
  title: 'name',
  head: { facts: ['mobile', 'office_phone', 'position'] },
  owner: { through: 'customer_id', module: 'customers' },
  acts: ['view', 'create', 'update', 'delete', 'export', 'print', 'unmask'],
  search: [],
  bin: true,
  isTextIndexed: true,
  under: contactsPath,
  card: (card, shown) => contactCard(contacts, card, shown),
  list: () => contactList,
  source: () => contactSource,
  derive: deriveContacts,
  hooks: contactHooks,
  writing: contactWriting,
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
