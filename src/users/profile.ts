import type { FastifyInstance } from 'fastify'
import { type Reference, referenceAt } from '../reference.ts'
import { keptInSession } from '../sessions/kept-form.ts'
import { text } from '../texts/index.ts'
import { flashDoubts } from '../web/field-remarks.ts'
import { type Body, type FieldError, formView, readForm, written } from '../web/form.ts'
import { changeRecord, conflictView, type RecordKind, Stale, takeChoices, versionIn } from '../web/record.ts'
import { ownFields, userKind } from './fields.ts'
import { optionRoutes } from './option-routes.ts'
import { ownPasswordRoutes } from './own-password.ts'
import { findUser, type User } from './user.ts'

const ownKind: RecordKind = { ...userKind, fields: ownFields }
const path = '/profile'

/** One's own data and password. */
export function profileRoutes(app: FastifyInstance) {
  ownPasswordRoutes(app)
  optionRoutes(app)
  const options = { config: { permission: 'signed-in' } } as const

  app.get(path, options, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const user = await findUser(app.db, request.user?.id as number)
    const typed = written(ownFields, user)
    const isKept = (await keptInSession(app.db, request)) !== undefined
    return reply.page('users/profile', { ...profilePage(user, { typed, version: user.version, reference }), isKept })
  })

  app.post<{ Body: Body }>(path, options, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    const user = await findUser(app.db, request.user?.id as number)
    const typed = takeChoices(ownKind, request.body ?? {}, user)
    const version = versionIn(typed)
    const { values, errors } = readForm(ownFields, typed, reference, user)
    if (errors.length > 0)
      return reply.code(422).page('users/profile', profilePage(user, { typed, version, errors, reference }))
    try {
      const save = { before: user, version, values, actor: request.actor, reference }
      await app.db.transaction((trx) => changeRecord(trx, ownKind, save))
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
    await flashDoubts(request, ownFields, values, user)
    return reply.redirect(path, 303)
  })
}

type Typed = { typed: Record<string, unknown>; version: number; errors?: FieldError[]; reference: Reference }

function profilePage(user: User, typed: Typed) {
  const groups = [{ title: text.users.contact, fields: ownFields }]
  const view = formView({ id: 'profile', action: path, groups, cancelHref: '/', ...typed })
  return { title: text.users.profileOf(user.name, user.username), ...view }
}
