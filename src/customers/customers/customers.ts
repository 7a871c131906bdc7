import { nameKeys } from '../../kernel/china/name-keys.ts'
import { kindNames } from '../../kernel/files/kinds.ts'
import type { Module } from '../../kernel/modules/module.ts'
import { text } from '../../texts/index.ts'
import { customerKind, saveCustomer } from './customer.ts'
import { deriveCustomers, reindexAll } from './derived.ts'
import { customerFields, customerGroups } from './fields.ts'
import { customerList } from './list.ts'
import { customerHooks } from './recycling.ts'
import { customerSource } from './search-source.ts'

/**
 * Customers 「客户资料」. A million of them are listed and searched by an index of their own that holds their contacts too.
 * Their form asks for what the settings require, places within places, new tags, and says at each key who is like them; their
 * card has tabs of its own. They are known again by `customer_keys`, not by what is `alike`: those are of several strengths,
 * by names without their legal forms, domains of mail and telephones of contacts too.
 */
export const customers: Module = {
  name: 'customers',
  path: '/customers',
  ...text.customers.said,
  group: 'customers',
  fields: customerFields,
  groups: customerGroups,
  title: 'name',
  head: { marks: text.customers.marks, next: 'next_contact_on', facts: ['owner_id', 'phone'] },
  owner: { by: 'owner_id' },
  covers: ['files', 'business_cards', 'identity_pictures', 'mail', 'duplicates', 'recycle_bin', 'analysis'],
  acts: ['view', 'create', 'update', 'delete', 'import', 'export', 'print', 'transfer', 'unmask'],
  search: [],
  bin: true,
  files: kindNames,
  byHand: ['form', 'card'],
  list: () => customerList,
  source: () => customerSource,
  named: (ids, name) =>
    ids
      .from('customer_keys')
      .where({ kind: 'exact', value_key: nameKeys(name).exact })
      .select('customer_id'),
  parts: customerKind.parts,
  derive: deriveCustomers,
  reindex: reindexAll,
  hooks: customerHooks,
  writing: {
    save: ({ trx, actor, reference }, before, change) => saveCustomer(trx, before.id, { ...change, actor, reference }),
  },
  preset: {
    sales_manager: ['view', 'create', 'update', 'delete', 'import', 'export', 'print', 'transfer'],
    sales: ['view', 'create', 'update', 'delete', 'print'],
    marketing: ['view', 'create', 'update', 'import', 'print'],
    service: ['view', 'update', 'print'],
    finance: ['view', 'update', 'export', 'print'],
    warehouse: ['view', 'print'],
    user: ['view', 'update', 'print'],
  },
}
