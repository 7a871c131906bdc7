import type { FastifyRequest } from 'fastify'
import type { Reference } from '../../kernel/reference.ts'
import type { Column } from '../../kernel/web/list.ts'
import { totalText } from '../../kernel/web/list-view.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { onCard } from '../../kernel/web/on-card.ts'
import { mayWith } from '../../kernel/web/scope.ts'
import { text } from '../../texts/index.ts'
import type { Customer } from '../customers/customer.ts'
import type { Contact } from './contact.ts'
import { contactFields } from './fields.ts'
import { contactColumns } from './list.ts'
import { contactPath } from './path.ts'

const columns = contactColumns.filter(({ name }) => name !== 'customer_id')

type Shown = { customer: Customer; contacts: Contact[]; reference: Reference }

/** All contacts of one customer, as the tab of its card and its print view show them (views/shared/_list.eta). */
export function customerContactsView(request: FastifyRequest, { customer, contacts, reference }: Shown) {
  const path = `/customers/${customer.id}/contacts`
  const newHref = mayWith(request, customer)('contacts.create') ? `${path}/new` : undefined
  const total = { total: contacts.length, isCapped: false }
  return {
    ...plainList,
    ...total,
    totalText: totalText(total),
    path,
    actionBar: { actions: newHref ? [{ label: text.contacts.create, href: newHref, kind: 'primary' }] : [] },
    rows: contacts
      .map((contact) => maskRow(contact, contactFields, request.viewer))
      .map((contact) => ({
        id: contact.id,
        href: contactPath(contact),
        cells: columns.map((column) => cellOf(column, contact, reference)),
      })),
    empty: { text: text.list.nothingYet, href: newHref, label: text.contacts.create },
  }
}

/** So many of them stand on the card itself. */
const most = 6
const shownOnCard = ['name', 'position', 'mobile', 'office_phone']

/** The first contacts of a customer on its card, as views/shared/_below.eta wants them. */
export function contactsOnCard(request: FastifyRequest, shown: Shown) {
  const {
    columns: all,
    rows,
    actionBar,
    title,
    path,
  } = customerContactsView(request, {
    ...shown,
    contacts: shown.contacts.slice(0, most),
  })
  const [add] = actionBar.actions
  const places = shownOnCard.map((name) => all.findIndex((column) => column.name === name))
  return {
    title,
    columns: places.map((at) => all[at]),
    rows: rows.map((row) => ({ ...row, cells: places.map((at) => row.cells[at]) })),
    newLink: add ? { label: add.label, href: onCard(add.href), formId: 'contacts' } : null,
    note: shown.contacts.length > most ? text.contacts.firstOnly(most) : null,
    allHref: path,
    empty: text.contacts.noneYet,
  }
}

/** A list on one page that cannot be sorted, filtered or exported. */
const plainList = {
  title: text.contacts.title,
  columns: columns.map(({ name, label, align = 'start' }) => ({ name, label, align, sortHref: null, sorted: null })),
  pageNav: { list: { pages: 1, pageLinks: [], perLinks: [] } },
}

function cellOf(column: Column, contact: Contact, reference: Reference) {
  const cell = column.cell(contact, reference)
  return column.name === 'name' && contact.is_main ? { ...cell, text: text.contacts.mainName(contact.name) } : cell
}
