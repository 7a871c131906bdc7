import type { FastifyRequest } from 'fastify'
import { today } from '../../kernel/china/clock.ts'
import { isMaskedText } from '../../kernel/china/masking.ts'
import type { StoredFile } from '../../kernel/files/file.ts'
import { filePath } from '../../kernel/files/path.ts'
import type { Reference } from '../../kernel/reference.ts'
import { doubtShown } from '../../kernel/web/field-rules.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { mayWith } from '../../kernel/web/scope.ts'
import { explanationPath } from '../../people/access-explanation/path.ts'
import { text } from '../../texts/index.ts'
import type { Customer } from './customer.ts'
import { customerField, customerGroups } from './fields.ts'
import { tagMarks } from './tags.ts'

const copied = new Set(['name', 'phone', 'phone2', 'mobile', 'email', 'credit_code', 'bank_account', 'address'])
const facts = ['owner_id', 'next_contact_on', 'phone', 'mobile', 'source_id'] as const
const marks = ['level_id', 'importance_id', 'status_id'] as const

export type Tab = 'overview' | 'contacts' | 'files' | 'mail' | 'history'

/** What hangs on a customer, as far as the person may see it; the newest file first. */
type Hanging = { tab: Tab; contacts: number; mail: number; files: Pick<StoredFile, 'id' | 'kind'>[] }

/** The head and the tabs of a customer as views/shared/_card.eta wants them; `groups` only on the first tab. */
export function customerCard(
  request: FastifyRequest,
  customer: Customer,
  reference: Reference,
  { tab, contacts, mail, files }: Hanging,
) {
  const path = `/customers/${customer.id}`
  return {
    title: customer.name,
    subtitle: customer.code,
    tags: marks
      .map((name) => ({
        text: shown(customerField(name), customer, reference),
        tone: reference.entry(customer[name] as number)?.tone,
      }))
      .filter((mark) => mark.text)
      .concat(tagMarks(customer, reference.tags)),
    actions: cardActions(request, customer, path),
    picture: portrait(customer, files),
    facts: facts.map((name) => fact(customerField(name), customer, reference)).filter((item) => item.text),
    groups: tab === 'overview' ? cardGroups(customer, reference) : [],
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

/** Every filled field, in the groups of the form; persons have no legal form, companies no birthday. */
export function cardGroups(customer: Customer, reference: Reference) {
  const stamps = [
    { label: text.customers.fields.name_pinyin, text: String(customer.name_initials) },
    { label: text.customers.createdAt, text: showInstant(customer.created_at as string) },
    { label: text.customers.updatedAt, text: showInstant(customer.updated_at as string) },
  ]
  return customerGroups
    .map(({ title, fields }, index) => ({
      title,
      items: [
        ...fields.map((field) => cardItem(field, customer, reference)).filter((item) => item.text),
        ...(index === 1 ? stamps : []),
      ],
    }))
    .filter(({ items }) => items.length > 0)
}

const shown = (field: Field, customer: Customer, reference: Reference) =>
  field.kind.show(customer[field.name], field, reference)

function cardItem(field: Field, customer: Customer, reference: Reference) {
  const value = shown(field, customer, reference)
  return {
    label: field.label,
    text: value,
    copy: copied.has(field.name) && !isMaskedText(value),
    doubt: doubtShown(field, customer[field.name]),
    isWide: field.isWide,
    tone: field.options?.(reference).find((option) => option.value === String(customer[field.name]))?.tone,
    href: hrefOf(field, value),
  }
}

function hrefOf({ name }: Field, value: string) {
  if (!value || isMaskedText(value)) return undefined
  if (name === 'email') return `mailto:${value}`
  if (name === 'website') return /^https?:/i.test(value) ? value : `http://${value}`
  return undefined
}

function fact(field: Field, customer: Customer, reference: Reference) {
  const isOverdue =
    field.name === 'next_contact_on' &&
    customer.next_contact_on !== null &&
    (customer.next_contact_on as string) < today()
  return { label: field.label, text: shown(field, customer, reference), tone: isOverdue ? 'red' : undefined }
}
