import type { FastifyInstance, FastifyRequest } from 'fastify'
import { moveRevision } from '../../kernel/db/cache-revision.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { flashDoubts } from '../../kernel/web/field-remarks.ts'
import type { Field } from '../../kernel/web/fields.ts'
import { type Body, type FieldError, formView, readForm, written } from '../../kernel/web/form.ts'
import { changeRecord, conflictView, type RecordKind, Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { keptInSession } from '../sign-in/kept-form.ts'
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
    const reference = await referenceAt(app.db, request.revision)
    const user = await findUser(app.db, request.user?.id as number)
    const fields = fieldsFor(request)
    const ownKind: RecordKind = { ...userKind, fields }
    const typed = takeChoices(ownKind, request.body ?? {}, user)
    const version = versionIn(typed)
    const { values, errors } = readForm(fields, typed, reference, user)
    if (errors.length > 0)
      return reply
        .code(422)
        .page('people/users/profile', profilePage(user, { fields, typed, version, errors, reference }))
    try {
      const derived = nameOrder({ ...user, ...values })
      const save = { before: user, version, values, derived, actor: request.actor, reference }
      await app.db.transaction(async (trx) => {
        if ('name' in values) await moveRevision(trx)
        await changeRecord(trx, ownKind, save)
      })
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      const theirs = await findUser(app.db, user.id)
      const parts = { theirs, yours: values, version, action: path, cancelHref: path, reference }
      return reply.code(409).page('shared/conflict', {
        title: text.record.conflictTitle,
        ...(await conflictView(app.db, ownKind, parts)),
      })
    }
    await request.flash(text.users.profileSaved)
    await flashDoubts(request, fields, values, user)
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
