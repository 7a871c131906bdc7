import type { FastifyInstance, FastifyRequest } from 'fastify'
import { bumpRevision } from '../../kernel/db/cache-revision.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, written } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { changeRecord, type RecordKind } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
import { keptInSession } from '../sign-in/parked-form.ts'
import { fields, ownFields, userKind } from './fields.ts'
import { optionRoutes } from './option-routes.ts'
import { ownPasswordRoutes } from './own-password.ts'
import { findUser, type User } from './user.ts'
import { nameOrder } from './user-row.ts'

const path = '/profile'

/** What a person may change about oneself: the name, which stands in the log, by a right only. */
const fieldsFor = (request: FastifyRequest): Field[] =>
  request.can('own_name.update') ? [fields.name, ...ownFields] : ownFields

/** One's own data and password. */
export function profileRoutes(app: FastifyInstance) {
  ownPasswordRoutes(app)
  optionRoutes(app)
  const options = { config: { permission: 'signed-in' } } as const

  app.get(path, options, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const user = await findUser(app.db, request.user?.id as number)
    const fields = fieldsFor(request)
    const typed = written(fields, user)
    const isKept = (await keptInSession(app.db, request)) !== undefined
    return reply.page('people/users/profile', {
      ...profilePage(user, { fields, typed, version: user.version, reference }),
      isKept,
    })
  })

  app.post<{ Body: Body }>(path, options, async (request, reply) => {
    const id = request.user?.id as number
    const user = await findUser(app.db, id)
    const fields = fieldsFor(request)
    const ownKind: RecordKind = { ...userKind, fields }
    const taken = await takeEdit(app, request, reply, {
      kind: ownKind,
      before: user,
      find: () => findUser(app.db, id),
      path,
      save: async (trx, saving) => {
        if ('name' in saving.values) await bumpRevision(trx)
        const derived = nameOrder({ ...user, ...saving.values })
        return changeRecord(trx, ownKind, { before: user, derived, ...saving })
      },
      again: async (reply, sent) => reply.page('people/users/profile', profilePage(user, { fields, ...sent })),
    })
    if (!taken) return reply
    await request.flash(text.users.profileSaved)
    await flashDoubts(request, fields, taken.values, user)
    return reply.redirect(path, 303)
  })
}

type Typed = {
  fields: Field[]
  typed: Record<string, unknown>
  version: number
  errors?: FieldError[]
  reference: Reference
}

function profilePage(user: User, { fields, ...typed }: Typed) {
  const groups = [{ title: text.users.contact, fields }]
  const view = formView({ id: 'profile', action: path, groups, cancelHref: '/', ...typed })
  return { title: text.users.profileOf(user.name, user.username), ...view }
}
