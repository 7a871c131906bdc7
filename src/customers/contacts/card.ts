import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isMaskedText } from '../../kernel/china/masking.ts'
import { recordEvent } from '../../kernel/history/history.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { maskFor } from '../../kernel/web/change-mask.ts'
import { doubtShown } from '../../kernel/web/field-rules.ts'
import { maskRow } from '../../kernel/web/masks.ts'
import { eventOf, historyView } from '../../kernel/web/record.ts'
import { mayWith } from '../../kernel/web/scope.ts'
import { seeing, unmaskButton } from '../../kernel/web/unmasking.ts'
import { text } from '../../texts/index.ts'
import { type Customer, findCustomer } from '../customers/customer.ts'
import { type Contact, contactKind, findContact } from './contact.ts'
import { contactFields, contactGroups } from './fields.ts'
import { type ContactParams, contactParams, contactPath } from './params.ts'

const copied = new Set(['name', 'mobile', 'office_phone', 'home_phone', 'email', 'wechat', 'qq'])

/** A contact that somebody may ask to read whole (kernel/web/unmasking.ts). */
export const wholeContact = (id: number) => ({ table: 'contacts', id, permission: 'contacts.unmask' as const })

/** A contact: all its fields, and below them what happened to it; and the wish to read what is masked. */
export function contactCardRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'contacts.view' as const }, schema: { params: contactParams } }

  app.get<ContactParams>('/customers/:customerId/contacts/:id', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, 'contacts.view')
    const contact = await findContact(app.db, request.viewer, request.params)
    const viewer = await seeing(app.db, request, wholeContact(contact.id))
    const shown = maskRow(contact, contactFields, viewer)
    const card = cardView(request, { customer, contact: shown, reference: await referenceAt(app.db, request.revision) })
    const unmask = unmaskButton(contact, contactFields, {
      viewer,
      permission: 'contacts.unmask',
      path: contactPath(contact),
    })
    return reply.page('shared/card', {
      title: contact.name,
      card: { ...card, unmask },
      history: await historyView(app.db, contactKind, contact.id, maskFor(viewer)),
    })
  })

  const unmasking = { config: { permission: 'contacts.unmask' as const }, schema: { params: contactParams } }
  app.post<ContactParams>('/customers/:customerId/contacts/:id/unmasking', unmasking, async (request, reply) => {
    const contact = await findContact(app.db, request.viewer, request.params, 'contacts.unmask')
    await recordEvent(app.db, request.actor, { ...eventOf(contactKind, contact), action: 'unmask' })
    await request.flash(text.record.unmasked)
    return reply.redirect(contactPath(contact), 303)
  })
}

type Shown = { customer: Customer; contact: Contact; reference: Reference }

const cardView = (request: FastifyRequest, { customer, contact, reference }: Shown) => ({
  title: contact.name,
  subtitle: contact.code,
  tags: contact.is_main ? [{ text: text.contacts.fields.is_main, tone: 'blue' }] : [],
  actions: actions(mayWith(request, customer), contact),
  back: `/customers/${customer.id}/contacts`,
  facts: [factOf(request, customer)],
  groups: contactGroups.map(({ title, fields }) => ({
    title,
    items: fields
      .map((field) => ({
        label: field.label,
        text: field.kind.show(contact[field.name], field, reference),
        copy: copied.has(field.name),
        doubt: doubtShown(field, contact[field.name]),
      }))
      .filter((item) => item.text)
      .map((item) => ({ ...item, copy: item.copy && !isMaskedText(item.text) })),
  })),
  tabs: [],
})

const factOf = (request: FastifyRequest, { id, name }: Customer) => ({
  label: text.contacts.fields.customer_id,
  text: name,
  href: request.can('customers.view') ? `/customers/${id}` : undefined,
})

const actions = (may: ReturnType<typeof mayWith>, contact: Contact) => [
  ...(may('contacts.update')
    ? [{ label: text.actions.update, href: `${contactPath(contact)}/edit`, kind: 'primary' }]
    : []),
  ...(may('mail.create') && contact.email
    ? [
        {
          label: text.mail.write,
          href: `/mail/new?customer=${contact.customer_id}&contact=${contact.id}`,
          kind: 'plain',
        },
      ]
    : []),
  ...(may('contacts.export')
    ? [{ label: text.contacts.card, href: `${contactPath(contact)}.vcf`, kind: 'plain' }]
    : []),
  ...(may('contacts.delete')
    ? [{ label: text.actions.delete, href: `${contactPath(contact)}/deletion`, kind: 'danger' }]
    : []),
]
