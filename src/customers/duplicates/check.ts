import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'
import { referenceAt } from '../../kernel/reference.ts'
import { type Body, typedIn } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import type { Viewer } from '../../kernel/web/viewer.ts'
import { text } from '../../texts/index.ts'
import { type Customer, visibleCustomers } from '../customers/customer.ts'
import { customerField } from '../customers/fields.ts'
import { duplicatesIn, noDuplicates } from './view.ts'

const path = '/customers/duplicates'
const fields = (['name', 'phone', 'mobile', 'email', 'credit_code'] as const).map((name) => ({
  ...customerField(name),
  isRequired: false,
}))

/** The customers like one that is being typed: a part of its form, and a page by itself. */
export function checkRoutes(app: FastifyInstance) {
  app.get<{ Querystring: Body }>(path, { config: { permission: 'customers.view' } }, async (request, reply) => {
    const typed = request.query
    const reference = await referenceAt(app.db, request.revision)
    const isPart = request.headers['hx-request-type'] === 'partial'
    const before = await storedOne(app.db, request.viewer, typedIn(typed, 'except'))
    const isAsked = fields.some(({ name }) => typedIn(typed, name))
    const duplicates = isAsked
      ? await duplicatesIn(app.db, { ...typed }, { reference, viewer: request.viewer, before, isSavable: isPart })
      : noDuplicates
    const view = formView({
      id: 'check',
      action: path,
      groups: [{ title: '', fields }],
      typed,
      reference,
      cancelHref: '/customers',
      submitLabel: text.duplicates.check,
    })
    const form = { ...view.form, method: 'get' }
    const note = isAsked && duplicates.matches.length === 0 ? text.duplicates.foundNothing : text.duplicates.checkHelp
    const data = { title: text.duplicates.checkTitle, note, form, duplicates }
    return reply.page('customers/duplicates/check', data, { fragments: { 'section#duplicates': 'shared/_duplicates' } })
  })
}

/** The customer that is being changed, if it may be seen. */
async function storedOne(db: Knex, viewer: Viewer, id: string): Promise<Customer | undefined> {
  if (!/^\d{1,9}$/.test(id)) return undefined
  return visibleCustomers(db, viewer).where('customers.id', Number(id)).first()
}
