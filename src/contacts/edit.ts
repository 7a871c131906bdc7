import type { FastifyInstance, FastifyReply } from 'fastify'
import { isUniqueViolation } from '../db/dialect.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { type Body, type FieldError, fieldError, formView, readForm, written } from '../web/form.ts'
import { conflictView, Stale, takeChoices } from '../web/record.ts'
import { type Contact, contactKind, findContact, saveContact } from './contact.ts'
import { contactField, contactFields, contactGroups } from './fields.ts'
import { type ContactParams, contactParams } from './params.ts'

/** Changing a contact, also by two people at once. */
export function contactEditRoutes(app: FastifyInstance) {
  app.get<ContactParams>(
    '/customers/:customerId/contacts/:id/edit',
    { config: { permission: 'contacts.update' }, schema: { params: contactParams } },
    async (request, reply) => {
      const contact = await findContact(app.db, request.params.customerId, request.params.id)
      return editPage(
        reply,
        contact,
        written(contactFields, contact),
        [],
        await referenceAt(app.db, request.revision),
        contact.version,
      )
    },
  )

  app.post<ContactParams & { Body: Body }>(
    '/customers/:customerId/contacts/:id',
    { config: { permission: 'contacts.update' }, schema: { params: contactParams } },
    async (request, reply) => {
      const contact = await findContact(app.db, request.params.customerId, request.params.id)
      const reference = await referenceAt(app.db, request.revision)
      const body = takeChoices(contactKind, request.body, contact)
      const version = Number(body.version)
      const { values, errors } = readForm(contactFields, body, reference)
      if (errors.length > 0) return editPage(reply.code(422), contact, body, errors, reference, version)
      try {
        await app.db.transaction((trx) =>
          saveContact(trx, contact, { version, values, actor: request.actor, reference }),
        )
        await request.flash(text.contacts.saved(String(values.name)))
        return reply.redirect(pathOf(contact), 303)
      } catch (error) {
        if (isUniqueViolation(error))
          return editPage(
            reply.code(422),
            contact,
            body,
            [fieldError(contactField('code'), text.contacts.codeTaken)],
            reference,
            version,
          )
        if (!(error instanceof Stale)) throw error
        const theirs = await findContact(app.db, contact.customer_id, contact.id)
        const view = await conflictView(app.db, contactKind, {
          theirs,
          yours: values,
          version,
          action: pathOf(contact),
          cancelHref: pathOf(contact),
          reference,
        })
        return reply.code(409).page('shared/conflict', { title: text.record.conflictTitle, ...view })
      }
    },
  )
}

const pathOf = (contact: Contact) => `/customers/${contact.customer_id}/contacts/${contact.id}`

function editPage(
  reply: FastifyReply,
  contact: Contact,
  typed: Body,
  errors: FieldError[],
  reference: Reference,
  version: number,
) {
  const path = pathOf(contact)
  const view = formView({
    id: 'contact',
    action: path,
    cancelHref: path,
    groups: contactGroups,
    typed,
    errors,
    reference,
    version,
  })
  return reply.page('shared/form', { title: text.contacts.edit, ...view })
}
