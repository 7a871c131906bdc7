import type { Module, ModuleField } from '../kernel/modules/module.ts'
import { email, type FieldKind, line, long, phone, postcode } from '../kernel/web/fields.ts'
import { link } from '../kernel/web/link-kind.ts'
import { bankAccount } from '../kernel/web/ruled-kinds.ts'
import { text } from '../texts/index.ts'

const fieldsOf =
  <Name extends string>(labels: Record<Name, string>) =>
  (name: Name, kind: FieldKind, max: number, more: Partial<ModuleField> = {}): ModuleField => ({
    name,
    label: labels[name],
    kind,
    max,
    ...more,
  })
const field = fieldsOf(text.suppliers.fields)
const contactField = fieldsOf(text.supplierContacts.fields)
const hidden = { column: { isHidden: true } }

const common = {
  group: 'sales',
  title: 'name',
  owner: 'nobody',
  acts: ['view', 'create', 'update', 'delete', 'import', 'export', 'print', 'unmask'],
  bin: true,
  preset: {
    sales_manager: 'all',
    sales: ['view', 'create', 'update'],
    marketing: ['view', 'create', 'update'],
    warehouse: ['view', 'print'],
    finance: ['view', 'print'],
  },
} as const

/** 「供应商」: of whom goods are bought. */
export const suppliers: Module = {
  ...common,
  name: 'suppliers',
  path: '/suppliers',
  head: { facts: ['code', 'phone'] },
  ...text.suppliers.said,
  fields: [
    field('name', line, 100, { isRequired: true, isUnique: true }),
    field('short_name', line, 50),
    field('code', line, 40, { isRequired: true, isUnique: true }),
    field('phone', phone, 100, { mask: 'phone', isCopied: true }),
    field('fax', phone, 100, { mask: 'phone', ...hidden }),
    field('email', email, 100, { isCopied: true, mask: 'mail', ...hidden }),
    field('address', line, 200, hidden),
    field('postcode', postcode, 6, hidden),
    field('bank', line, 100, hidden),
    field('bank_account', bankAccount, 40, { mask: 'bank', ...hidden }),
    field('goods', long, 1000, { isWide: true }),
  ],
  number: { field: 'code', pattern: 'GYS{000000}' },
  search: ['name', 'short_name', 'code', 'phone', 'address', 'goods'],
  alike: [{ fields: ['short_name'] }, { fields: ['phone'] }],
  files: true,
}

/** Their people, who point at their supplier: a list of all of them says whose each is. */
export const supplierContacts: Module = {
  ...common,
  name: 'supplier_contacts',
  path: '/supplier-contacts',
  head: { facts: ['supplier_id', 'position', 'mobile', 'phone'] },
  ...text.supplierContacts.said,
  fields: [
    contactField('name', line, 50, { isRequired: true }),
    { name: 'supplier_id', label: suppliers.label, kind: link, to: suppliers.name, isRequired: true },
    contactField('position', line, 50),
    contactField('mobile', phone, 100, { mask: 'phone', isCopied: true }),
    contactField('phone', phone, 100, { mask: 'phone', isCopied: true }),
    contactField('email', email, 100, { mask: 'mail' }),
    contactField('notes', long, 1000, { isWide: true, ...hidden }),
  ],
  search: ['name', 'mobile', 'phone'],
}
