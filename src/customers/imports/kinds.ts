import type { Permission } from '../../kernel/permissions.ts'
import { inScope } from '../../kernel/web/scope.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { existingRows } from '../../operation/imports/checking/findings.ts'
import type { Import } from '../../operation/imports/import.ts'
import type { ImportKind, MadeSort } from '../../operation/imports/kind.ts'
import { text } from '../../texts/index.ts'
import { existingContacts } from './existing-contacts.ts'
import { existingCustomers } from './existing-customers.ts'
import { meaningsInContacts, meaningsInCustomers } from './meanings.ts'
import { targetsInRow } from './nameless-contact.ts'
import { repeatedContacts, repeatedCustomers } from './repeats.ts'
import { blank, computeContact, computeCustomer, presetsOf, readContactRow, readCustomerRow } from './row.ts'
import { takeContacts } from './take-contacts.ts'
import { takeCustomers } from './take-customers.ts'
import { contactTargets, customerTargets, namesContact, personKeys } from './targets.ts'
import { undoing } from './undo.ts'

const t = text.imports

const wordsOf = (name: 'customers' | 'contacts') => ({
  label: t.kinds[name],
  short: t.shortKinds[name],
  newOnes: t.newOnes[name],
  rowsBecome: t.rowsBecome[name],
  help: [t.helpOf[name]],
  others: t.existing.others,
  keptNote: t.undo.keptCustomers,
})

const hrefOf = (id: number) => `/customers/${id}`
const customers: MadeSort = {
  type: 'customers',
  title: 'name',
  href: ({ record_id }) => hrefOf(record_id as number),
  counted: t.undo.ofMade.customers,
}
const contacts: MadeSort = {
  type: 'contacts',
  title: 'name',
  beside: { customer_id: 'contacts.customer_id' },
  href: ({ customer_id, record_id }) =>
    customer_id ? `${hrefOf(customer_id as number)}/contacts/${record_id}` : undefined,
  counted: t.undo.ofMade.contacts,
}

/** What is alike in both: a contact goes with its customer. */
const both = {
  naming: ['customer.name', ...personKeys],
  permission: 'customers.import',
  toView: 'customers.view',
  isReached: (viewer: Viewer, permission: Permission, owner: unknown) => inScope(viewer.scope(permission), owner),
  lacking: (right: Permission) => t.lacking[right as keyof typeof t.lacking] ?? t.lacking['customers.create'],
  presets: presetsOf,
  blank,
  hrefOf,
  undoing,
} as const

/** A list of customers, each with its contacts. */
export const customerImport: ImportKind = {
  ...both,
  naming: [...both.naming],
  name: 'customers',
  words: {
    ...wordsOf('customers'),
    templateName: t.templateName,
    templateLink: t.template,
    evidence: t.existing.evidence,
  },
  template: '/imports/template.xlsx',
  targets: customerTargets,
  groups: [
    { record: 'customer', label: t.groups.customer },
    { record: 'contact', label: t.groups.contact },
  ],
  demands: [{ keys: ['customer.name'], message: t.nothingMapped(text.customers.fields.name) }],
  meanings: meaningsInCustomers,
  needed: (columns) =>
    columns?.targets.some((key) => key?.startsWith('contact.'))
      ? ['customers.create', 'contacts.create']
      : ['customers.create'],
  toChange: ['customers.update', 'contacts.update'],
  toRemove: 'customers.delete',
  targetsInRow,
  read: readCustomerRow,
  compute: computeCustomer,
  repeats: repeatedCustomers,
  existing: existingCustomers,
  take: takeCustomers,
  notes: notesBefore,
  makes: [customers, contacts],
}

function notesBefore(one: Import): string[] {
  if (!namesContact(one.columns.targets)) return []
  return [t.furtherNote, ...(existingRows(one).known > 0 ? [t.skippedPeopleNote] : [])]
}

/** A list of contacts of customers that are there, or are made with them. */
export const contactImport: ImportKind = {
  ...both,
  naming: [...both.naming],
  name: 'contacts',
  words: {
    ...wordsOf('contacts'),
    templateName: t.contactTemplateName,
    templateLink: t.contactTemplate,
    evidence: { exact: t.existing.evidence.name },
    missing: t.missing,
  },
  template: '/imports/contact-template.xlsx',
  targets: contactTargets,
  groups: [
    { record: 'customer', label: t.groupsOfContacts.customer },
    { record: 'contact', label: t.groupsOfContacts.contact },
  ],
  demands: [
    { keys: personKeys, message: t.nothingMapped(text.contacts.fields.name) },
    { keys: ['customer.name', 'customer.code'], message: t.customerMissing },
  ],
  meanings: meaningsInContacts,
  isOfCards: true,
  needed: (columns) => (columns?.makesMissing ? ['contacts.create', 'customers.create'] : ['contacts.create']),
  toChange: ['contacts.update'],
  toRemove: 'contacts.delete',
  read: readContactRow,
  compute: computeContact,
  repeats: repeatedContacts,
  existing: existingContacts,
  take: takeContacts,
  makes: [contacts, customers],
}
