import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { foldKey } from '../db/fold-key.ts'
import { type Reference, referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { choice, type Field, line } from '../web/fields.ts'
import { type Body, fieldError, formView, readForm } from '../web/form.ts'
import { peopleOptions } from '../web/options.ts'
import { reaches } from '../web/reach.ts'
import { explain } from './explanation.ts'
import { explanationPath } from './path.ts'

const t = text.accessExplanation
const path = explanationPath()

const personField: Field = { name: 'user_id', label: t.person, kind: choice, options: peopleOptions, isRequired: true }
const codeField: Field = { name: 'code', label: t.customerCode, kind: line, max: 40, isRequired: true }
const fields = [personField, codeField]

/** 「权限说明」: why a person can or cannot see and change a customer, rule by rule. */
export async function accessExplanationRoutes(app: FastifyInstance) {
  app.get<{ Querystring: Body }>(path, { config: { permission: 'roles.view' } }, async (request, reply) => {
    const typed = request.query
    const reference = await referenceAt(app.db, request.revision)
    const isAsked = fields.every(({ name }) => name in typed)
    const { values, errors } = isAsked ? readForm(fields, typed, reference) : { values: {}, errors: [] }
    const code = values.code as string | null | undefined
    const customer = code
      ? await app
          .db('customers')
          .where({ code_key: foldKey(code) })
          .first()
      : undefined
    if (code && !customer) errors.push(fieldError(codeField, t.noCustomer))
    const view = formView({
      id: 'explanation',
      action: path,
      groups: [{ title: t.hint, fields }],
      typed,
      errors,
      reference,
      cancelHref: '/roles',
      submitLabel: t.submit,
    })
    const isComplete = customer && values.user_id && errors.length === 0
    return reply.code(errors.length > 0 ? 422 : 200).page('access-explanation/index', {
      title: t.title,
      errors: view.errors,
      form: { ...view.form, method: 'get' },
      explanation: isComplete ? await shown(app.db, request, Number(values.user_id), customer, reference) : null,
    })
  })
}

type Customer = { id: number; name: string; code: string; owner_id: number; deleted_at: string | null }

/** Its name is told only to one who may see the customer. */
async function shown(db: Knex, { viewer }: FastifyRequest, userId: number, customer: Customer, reference: Reference) {
  const isSeen = reaches(viewer.reach('customers.view'), customer.owner_id)
  const owner = reference.person(customer.owner_id)?.name ?? ''
  return {
    heading: t.ofCustomer(isSeen ? customer.name : customer.code, owner),
    person: reference.person(userId)?.name ?? '',
    ...(await explain(db, userId, customer)),
  }
}
