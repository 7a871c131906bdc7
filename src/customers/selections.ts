import { restoreMany } from '../kernel/modules/bulk.ts'
import type { Kind } from '../kernel/selections/kinds.ts'
import { deleteContacts } from './contacts/bulk.ts'
import { visibleContacts } from './contacts/contact.ts'
import { contacts } from './contacts/contacts.ts'
import { contactList } from './contacts/list.ts'
import { changeCustomers, deleteCustomers } from './customers/bulk.ts'
import { restoreCustomers } from './customers/bulk-undo.ts'
import { visibleCustomers } from './customers/customer.ts'
import { customerList } from './customers/list.ts'

/** What is done to many customers and contacts at once, with their tallies and search. */
export const selectionKinds: Kind[] = [
  {
    list: customerList,
    title: 'name',
    href: ({ id }) => `/customers/${id}`,
    visible: visibleCustomers,
    change: changeCustomers,
    remove: deleteCustomers,
    restore: restoreCustomers,
  },
  {
    list: contactList,
    title: 'name',
    href: ({ id, customer_id }) => `/customers/${customer_id}/contacts/${id}`,
    visible: visibleContacts,
    remove: deleteContacts,
    restore: (trx, acted, change, by) => restoreMany(trx, contacts, acted, change, by),
  },
]
