import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { fileMarks } from '../../kernel/files/file.ts'
import { kindNames } from '../../kernel/files/kinds.ts'
import { seenKinds } from '../../kernel/files/tab.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { eventOf } from '../../kernel/web/record.ts'
import { mayWith } from '../../kernel/web/scope.ts'
import { seeing, unmaskButton } from '../../kernel/web/unmasking.ts'
import { countMessagesAt } from '../../mail/messages/message.ts'
import { type Contact, contactsOf } from '../contacts/contact.ts'
import { contactFields } from '../contacts/fields.ts'
import { customerCard, type Tab } from './card.ts'
import { type Customer, customerKind } from './customer.ts'
import { customerFacts } from './facts.ts'
import { customerFields } from './fields.ts'
import { formParts } from './form-parts.ts'
import { placeInList } from './place-in-list.ts'
import { wholeCustomer } from './unmasking.ts'

/** The contacts of a customer, the main one first, where this person may see them. */
export const contactsSeen = async (
  db: Knex,
  request: FastifyRequest,
  customer: Customer,
): Promise<Contact[] | undefined> =>
  mayWith(request, customer)('contacts.view') ? contactsOf(db, customer.id) : undefined

/** The card of a customer with what hangs on it, as far as this person may see it. */
export async function customerCardOf(
  db: Knex,
  request: FastifyRequest,
  customer: Customer,
  { tab, contacts = [] }: { tab: Tab; contacts?: Contact[] | undefined },
) {
  const viewer = await seeing(db, request, wholeCustomer(customer.id))
  const reference = await referenceAt(db, request.revision)
  const main = contacts.find(({ is_main }) => is_main)
  const mail = request.can('mail.view')
    ? await countMessagesAt(db, { record_type: customerKind.table, record_id: customer.id })
    : 0
  const marks = request.can('files.view') ? await fileMarks(db, eventOf(customerKind, customer)) : []
  const seen = seenKinds(kindNames, mayWith(request, customer))
  const files = marks.filter(({ kind }) => seen.includes(kind))
  const { suffix, ...place } = await placeInList(db, request, customer.id, reference)
  const shown = maskRow(customer, customerFields, viewer)
  const card = customerCard(request, shown, reference, {
    tab,
    contacts: contacts.length,
    editHref: await editingFor(db, request, customer),
    main: main && maskRow(main, contactFields, request.viewer),
    mail,
    files,
  })
  const path = `/customers/${customer.id}`
  const unmask = unmaskButton(customer, customerFields, { viewer, permission: 'customers.unmask', path })
  return { ...card, unmask, ...place, tabs: card.tabs.map((tab) => ({ ...tab, href: `${tab.href}${suffix}` })) }
}

/** The address at which this person changes a field on the card. */
async function editingFor(db: Knex, request: FastifyRequest, customer: Customer) {
  if (!mayWith(request, customer)('customers.update')) return undefined
  const facts = customerFacts(await formParts(db, request, customer), customer)
  const names = new Set(facts.map(([first]) => first?.name))
  return (name: string) => (names.has(name) ? `/customers/${customer.id}/facts/${name}` : undefined)
}
