import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { refusedAt, takeEdit } from '../../kernel/web/edit.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import { type Body, type FieldError, written } from '../../kernel/web/form.ts'
import { hiddenIn } from '../../kernel/web/masks.ts'
import { seeing } from '../../kernel/web/unmasking.ts'
import { text } from '../../texts/index.ts'
import { wholeContact } from './card.ts'
import { type Contact, contactKind, findContact, saveContact } from './contact.ts'
import { contactFields } from './fields.ts'
import { codeTaken, contactForm, readContact } from './form.ts'
import { type ContactParams, contactParams, contactPath } from './params.ts'

/** Changing a contact, also by two people at once. */
export function contactEditRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'contacts.update' as const }, schema: { params: contactParams } }
  const path = '/customers/:customerId/contacts/:id'

  app.get<ContactParams>(`${path}/edit`, options, async (request, reply) => {
    const contact = await findContact(app.db, request.viewer, request.params, 'contacts.update')
    const reference = await referenceAt(app.db, request.revision)
    const hidden = await hiddenOf(app.db, request, contact)
    const typed = written(contactFields, contact)
    return editPage(reply, { contact, typed, version: contact.version, reference, hidden })
  })

  app.post<ContactParams & { Body: Body }>(path, options, async (request, reply) => {
    const contact = await findContact(app.db, request.viewer, request.params, 'contacts.update')
    const hidden = await hiddenOf(app.db, request, contact)
    const taken = await takeEdit(app, request, reply, {
      kind: contactKind,
      before: contact,
      find: () => findContact(app.db, request.viewer, request.params),
      path: contactPath(contact),
      read: (typed, reference) => readContact(typed, reference, contact, hidden),
      save: (trx, saving) => saveContact(trx, contact, saving),
      again: (reply, sent) => editPage(reply, { contact, hidden, ...sent }),
      refused: (error) => (isUniqueViolation(error) ? [codeTaken] : refusedAt(contactKind, error)),
    })
    if (!taken) return reply
    await request.flash(text.contacts.saved(String(taken.values.name)))
    await flashDoubts(request, contactFields, taken.values, contact)
    return reply.redirect(contactPath(contact), 303)
  })
}

const hiddenOf = async (db: Knex, request: FastifyRequest, contact: Contact) =>
  hiddenIn(contact, contactFields, await seeing(db, request, wholeContact(contact.id)))

type Edit = {
  contact: Contact
  typed: Body
  version: number
  reference: Reference
  hidden: ReadonlySet<string>
  errors?: FieldError[]
}

function editPage(reply: FastifyReply, { contact, ...form }: Edit) {
  const path = contactPath(contact)
  const view = contactForm({ ...form, action: path, cancelHref: path })
  return reply.page('shared/form', { title: text.contacts.edit, ...view })
}
