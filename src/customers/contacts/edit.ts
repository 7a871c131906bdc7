import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import { type Body, type FieldError, type Values, written } from '../../kernel/web/form.ts'
import { hiddenIn } from '../../kernel/web/masks.ts'
import { Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { seeing } from '../../kernel/web/unmasking.ts'
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
    const reference = await referenceAt(app.db, request.revision)
    const typed = takeChoices(contactKind, request.body, contact)
    const hidden = await hiddenOf(app.db, request, contact)
    const { values, errors } = readContact(typed, reference, contact, hidden)
    const edit = { contact, typed, version: versionIn(typed), reference, hidden }
    if (errors.length > 0) return editPage(reply.code(422), { ...edit, errors })
    try {
      const { version } = edit
      const save = { version, values, actor: request.actor, reference }
      await app.db.transaction((trx) => saveContact(trx, contact, save))
      await request.flash(text.contacts.saved(String(values.name)))
      await flashDoubts(request, contactFields, values, contact)
      return reply.redirect(contactPath(contact), 303)
    } catch (error) {
      if (isUniqueViolation(error)) return editPage(reply.code(422), { ...edit, errors: [codeTaken] })
      if (error instanceof Stale) return conflictPage(app.db, request, reply, { ...edit, values })
      throw error
    }
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

async function conflictPage(
  db: Knex,
  request: FastifyRequest,
  reply: FastifyReply,
  { contact, values, version, reference }: Edit & { values: Values },
) {
  const theirs = await findContact(db, request.viewer, { customerId: contact.customer_id, id: contact.id })
  return sendConflict(db, reply, contactKind, { theirs, yours: values, version, path: contactPath(contact), reference })
}
