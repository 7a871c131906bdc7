import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { settingsAt } from '../../kernel/settings/settings.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import { type Body, type FieldError, typedIn } from '../../kernel/web/form.ts'
import { idempotent, isNextAsked, newFormId, nextButton } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import type { Match } from '../duplicates/find.ts'
import { withDuplicates } from '../duplicates/form-part.ts'
import { refuseDuplicate } from '../duplicates/refuse.ts'
import { addCustomers } from './adding.ts'
import { customerFields } from './fields.ts'
import { readFirstContact } from './first-contact.ts'
import { customerForm, newCustomerTyped } from './form.ts'
import { type FormParts, formParts, readTyped } from './form-parts.ts'
import { takeNewTags } from './new-tags.ts'
import { whyRefused } from './refused.ts'

/** New customers. */
export function creationRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'customers.create' as const } }
  const partsOf = async (request: FastifyRequest) => ({
    ...(await formParts(app.db, request)),
    hasContact: request.can('contacts.create'),
  })

  app.get<{ Querystring: Body }>('/customers/new', options, async (request, reply) => {
    const form = await partsOf(request)
    const typed = { ...newCustomerTyped(form.viewer.id, form.reference), name: typedIn(request.query, 'name') }
    return newPage(app.db, reply, { ...form, typed })
  })

  app.post<{ Body: Body }>('/customers', options, async (request, reply) => {
    const form = { ...(await partsOf(request)), typed: request.body }
    const { values, names, errors } = readTyped(form)
    const { contact, errors: wrong } = readFirstContact(form.hasContact ? form.typed : {}, form.reference)
    errors.push(...wrong)
    const formId = typedIn(form.typed, 'form_id') || newFormId()
    if (form.typed.refresh) return newPage(app.db, reply, { ...form, formId })
    if (errors.length > 0) return newPage(app.db, reply.code(422), { ...form, errors })
    const maker = { actor: request.actor, settings: await settingsAt(app.db, request.revision) }
    try {
      const saved = await idempotent(app.db, form.typed, async (trx) => {
        await refuseDuplicate(trx, { ...values, ...(contact && { contacts: [contact] }) }, form)
        const tagged = await takeNewTags(trx, { values, names, actor: request.actor, reference: form.reference })
        const [id] = await addCustomers(trx, [{ values: tagged.values, contact }], maker)
        return `/customers/${id}`
      })
      await request.flash(text.customers.saved(String(values.name)))
      await flashDoubts(request, customerFields, values)
      return reply.redirect(isNextAsked(form.typed) ? '/customers/new' : saved, 303)
    } catch (error) {
      return newPage(app.db, reply.code(422), { ...form, ...whyRefused(error) })
    }
  })
}

type New = FormParts & {
  hasContact: boolean
  typed: Body
  errors?: FieldError[]
  matches?: Match[]
  formId?: string
}

async function newPage(db: Knex, reply: FastifyReply, { formId = newFormId(), matches, ...form }: New) {
  const view = customerForm({
    ...form,
    formId,
    action: '/customers',
    cancelHref: '/customers',
    otherSubmits: [nextButton],
    presets: newCustomerTyped(form.viewer.id, form.reference),
  })
  return reply.page('shared/form', {
    title: text.customers.create,
    ...(await withDuplicates(db, view, { ...form, matches })),
  })
}
