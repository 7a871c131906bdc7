import type { Knex } from 'knex'
import { visibleContacts } from '../../customers/contacts/contact.ts'
import { visibleCustomers } from '../../customers/customers/customer.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import type { Recipient } from './merge.ts'

type CustomerRow = Recipient['customer'] & { id: number; email: string | null }
type ContactRow = { id: number; customer_id: number; name: string; sex: string | null; email: string | null }
type Reachable = ContactRow & { is_main: boolean }

/** A record one may write to, and where; null where no address is known. */
export type Found = { id: number; name: string; recipient: Recipient | null }

const customersOf = (db: Knex, viewer: Viewer, ids: number[]): Promise<CustomerRow[]> =>
  visibleCustomers(db, viewer, 'mail.create')
    .whereIn('customers.id', ids)
    .orderBy('customers.id')
    .select(['id', 'name', 'short_name', 'kind', 'sex', 'email'].map((name) => `customers.${name}`))

/** Contacts with an address, the main one of each customer first; none for one who may not see contacts. */
const contactsOf = async (db: Knex, viewer: Viewer, customers: number[]): Promise<Reachable[]> =>
  viewer.can('contacts.view')
    ? db('contacts')
        .whereIn('customer_id', customers)
        .whereNull('deleted_at')
        .whereNotNull('email')
        .orderBy([{ column: 'is_main', order: 'desc' }, 'id'])
        .select('id', 'customer_id', 'name', 'sex', 'email', 'is_main')
    : []

function toContact(customer: CustomerRow, { id, name, sex, email }: ContactRow): Recipient | null {
  return email
    ? { customer_id: customer.id, contact_id: id, name, address: email, customer, contact: { name, sex } }
    : null
}

function toCustomer(customer: CustomerRow): Recipient | null {
  const { id, name, email } = customer
  return email ? { customer_id: id, contact_id: null, name, address: email, customer, contact: null } : null
}

/** All that can be written to at one customer: its own address, then those of its contacts. */
export async function recipientsAt(db: Knex, viewer: Viewer, customerId: number): Promise<Recipient[]> {
  const [customer] = await customersOf(db, viewer, [customerId])
  if (!customer) return []
  const contacts = await contactsOf(db, viewer, [customerId])
  return [...contacts.map((contact) => toContact(customer, contact)), toCustomer(customer)].filter(
    (one) => one !== null,
  )
}

/** Whom a message to each of these customers goes to: the main contact, else the customer itself, else any contact. */
export async function customerRecipients(db: Knex, viewer: Viewer, ids: number[]): Promise<Found[]> {
  const customers = await customersOf(db, viewer, ids)
  const contacts = Map.groupBy(await contactsOf(db, viewer, ids), ({ customer_id }) => customer_id)
  return customers.map((customer) => {
    const [first] = contacts.get(customer.id) ?? []
    const main = first?.is_main ? toContact(customer, first) : null
    const recipient = main ?? toCustomer(customer) ?? (first ? toContact(customer, first) : null)
    return { id: customer.id, name: customer.name, recipient }
  })
}

/** Whom a message to each of these contacts goes to. */
export async function contactRecipients(db: Knex, viewer: Viewer, ids: number[]): Promise<Found[]> {
  if (!viewer.can('contacts.view')) return []
  const contacts: ContactRow[] = await visibleContacts(db, viewer, 'mail.create')
    .whereIn('contacts.id', ids)
    .orderBy('contacts.id')
    .select(['id', 'customer_id', 'name', 'sex', 'email'].map((name) => `contacts.${name}`))
  const customers = await customersOf(db, viewer, [...new Set(contacts.map(({ customer_id }) => customer_id))])
  const byId = new Map(customers.map((customer) => [customer.id, customer]))
  return contacts.map((contact) => {
    const customer = byId.get(contact.customer_id)
    return { id: contact.id, name: contact.name, recipient: customer ? toContact(customer, contact) : null }
  })
}
