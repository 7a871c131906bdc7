import type { FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { countContacts } from '../contacts/contact.ts'
import { fileMarks } from '../files/file.ts'
import { mayDo } from '../files/tab.ts'
import { referenceAt } from '../reference.ts'
import { eventOf } from '../web/record.ts'
import { customerCard, type Tab } from './card.ts'
import { type Customer, customerKind } from './customer.ts'
import { placeInList } from './place-in-list.ts'

/** The card of a customer with what hangs on it, as far as this person may see it. */
export async function customerCardOf(db: Knex, request: FastifyRequest, customer: Customer, tab: Tab) {
  const reference = await referenceAt(db, request.revision)
  const contacts = await countContacts(db, customer.id)
  const marks = request.can('files.view') ? await fileMarks(db, eventOf(customerKind, customer)) : []
  const files = marks.filter(({ kind }) => mayDo(request, kind, 'view'))
  const { suffix, ...place } = await placeInList(db, request, customer.id, reference)
  const card = customerCard(request, customer, reference, { tab, contacts, files })
  return { ...card, ...place, tabs: card.tabs.map((tab) => ({ ...tab, href: `${tab.href}${suffix}` })) }
}
