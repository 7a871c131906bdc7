import type { FastifyRequest } from 'fastify'
import type { StoredFile } from '../../kernel/files/file.ts'
import { filePath } from '../../kernel/files/path.ts'
import { cardFacts } from '../../kernel/modules/card-facts.ts'
import { itemGroups, itemOf, type Shown } from '../../kernel/modules/card-items.ts'
import type { Item } from '../../kernel/modules/page-views.ts'
import type { Reference } from '../../kernel/reference.ts'
import { type Field, line } from '../../kernel/web/fields.ts'
import { mayWith } from '../../kernel/web/scope.ts'
import { explanationPath } from '../../people/access-explanation/path.ts'
import { text } from '../../texts/index.ts'
import type { Contact } from '../contacts/contact.ts'
import { contactField } from '../contacts/fields.ts'
import { contactPath } from '../contacts/path.ts'
import type { Customer } from './customer.ts'
import { customers } from './customers.ts'
import { customerFields, personFields } from './fields.ts'
import { wholePlace } from './place.ts'

import { tagMarks } from './tags.ts'

export type Tab = 'overview' | 'contacts' | 'files' | 'mail' | 'history'

/** What hangs on a customer, as far as the person may see it; the newest file first. */
type Hanging = {
  tab: Tab
  contacts: number
  main: Contact | undefined
  editHref?: Shown['editHref'] | undefined
  mail: number
  files: Pick<StoredFile, 'id' | 'kind'>[]
}

/** The head and the tabs of a customer as views/shared/_card.eta wants them, with what stands beside its timeline. */
export function customerCard(
  request: FastifyRequest,
  customer: Customer,
  reference: Reference,
  { tab, contacts, main, mail, files, editHref }: Hanging,
) {
  const path = `/customers/${customer.id}`
  const { facts, ...parts } = cardFacts(customers, { ...shownOf(customer, reference), ...(editHref && { editHref }) }, [
    spelled(customer),
  ])
  return {
    title: customer.name,
    subtitle: customer.code,
    ...parts,
    tags: tagMarks(customer, reference.tags),
    actions: cardActions(request, customer, path),
    picture: portrait(customer, files),
    facts: [...(main ? [mainFact(main, reference)] : []), ...facts],
    tabs: [
      { label: text.customers.tabs.overview, href: path, isCurrent: tab === 'overview' },
      ...(request.can('contacts.view')
        ? [
            {
              label: text.customers.tabs.contacts,
              href: `${path}/contacts`,
              count: contacts,
              isCurrent: tab === 'contacts',
            },
          ]
        : []),
      ...(request.can('files.view')
        ? [{ label: text.customers.tabs.files, href: `${path}/files`, count: files.length, isCurrent: tab === 'files' }]
        : []),
      ...(request.can('mail.view')
        ? [{ label: text.mail.tab, href: `${path}/mail`, count: mail, isCurrent: tab === 'mail' }]
        : []),
      { label: text.customers.tabs.history, href: `${path}/history`, isCurrent: tab === 'history' },
    ],
  }
}

function portrait(customer: Customer, files: Hanging['files']) {
  const picture = files.find(({ kind }) => kind === 'picture')
  if (!picture) return null
  const href = filePath(`/customers/${customer.id}`, picture)
  return { href, thumbnail: `${href}/thumbnail`, name: text.files.pictureOf(customer.name) }
}

function cardActions(request: FastifyRequest, customer: Customer, path: string) {
  const may = mayWith(request, customer)
  return [
    ...(may('customers.update')
      ? [{ label: text.actions.update, href: `${path}/edit`, kind: 'primary' as const }]
      : []),
    ...(may('customers.transfer')
      ? [{ label: text.actions.transfer, href: `${path}/transfer`, kind: 'plain' as const }]
      : []),
    ...(may('mail.create')
      ? [{ label: text.mail.write, href: `/mail/new?customer=${customer.id}`, kind: 'plain' as const }]
      : []),
    ...(may('customers.print') ? [{ label: text.actions.print, href: `${path}/print`, kind: 'plain' as const }] : []),
    ...(request.can('roles.view')
      ? [{ label: text.accessExplanation.title, href: explanationPath(customer.code), kind: 'plain' as const }]
      : []),
    ...(may('customers.delete')
      ? [{ label: text.actions.delete, href: `${path}/deletion`, kind: 'danger' as const }]
      : []),
  ]
}

/** Every filled field, in the groups of the form, as it stands on paper. */
export const cardGroups = (customer: Customer, reference: Reference) =>
  itemGroups(customers, { fields: customerFields, record: customer, reference }, [spelled(customer)]).filter(
    ({ items }) => items.length > 0,
  )

const spelled = (customer: Customer) => ({
  label: text.customers.fields.name_pinyin,
  text: String(customer.name_initials),
})

/** Its fields with the place in one, and those of persons where it is one or something stands there. */
function shownOf(customer: Customer, reference: Reference): Shown {
  const isShown = ({ name }: Field) =>
    !['code', 'city_code', 'district_code'].includes(name) &&
    (customer.kind === 'person' || !personFields.has(name) || customer[name] !== null)
  const fields = customerFields.filter(isShown).map((field) => (field.name === 'province_code' ? place : field))
  return { fields, record: { ...customer, province_code: wholePlace(customer, reference) }, reference }
}

const place: Field = { name: 'province_code', label: text.customers.place, kind: line }

/** Who is to be asked for, with the number that reaches them. */
function mainFact(contact: Contact, reference: Reference): Item {
  const numbers = ['mobile', 'office_phone'] as const
  const name = numbers.find((one) => contact[one]) ?? 'mobile'
  return {
    label: text.customers.mainContact,
    text: [contact.name, contact.position].filter(Boolean).join(' '),
    href: contactPath(contact),
    number: itemOf(contactField(name), { record: contact, reference }),
  }
}
