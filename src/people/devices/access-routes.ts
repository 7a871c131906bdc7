import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import {
  type Body,
  type FieldError,
  fieldError,
  formView,
  readForm,
  type Values,
  written,
} from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { historyView, Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { endSessionsOf } from '../../kernel/web/session.ts'
import { findAccount } from '../users/account.ts'
import type { User } from '../users/user.ts'
import { decide, deviceOf } from './device.ts'
import { accessFields, accessKind, findRestrictions, restrict } from './restrictions.ts'

const t = text.access
const path = '/users/:id/access'
const options = { config: { permission: 'users.update' }, schema: { params: idParams } } as const

/** From where a user may sign in: approved browsers, addresses. */
export function accessRoutes(app: FastifyInstance) {
  app.get<IdParams>(path, options, async (request, reply) => {
    const user = await findAccount(app, request)
    const present = await findRestrictions(app.db, user)
    const reference = await referenceAt(app.db, request.revision)
    return formPage(app, reply, user, { typed: written(accessFields, present), version: present.version, reference })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const user = await findAccount(app, request)
    const reference = await referenceAt(app.db, request.revision)
    const typed = takeChoices(accessKind, request.body, await findRestrictions(app.db, user))
    const version = versionIn(typed)
    const { values, errors } = readForm(accessFields, typed, reference)
    const form = { typed, version, reference }
    if (errors.length > 0) return formPage(app, reply.code(422), user, { ...form, errors })
    try {
      const isChanged = await save(app, request, reply, { user, version, values, reference })
      await request.flash(isChanged ? t.saved(user.name) : t.unchanged)
      return reply.redirect(`/users/${user.id}`, 303)
    } catch (error) {
      if (error instanceof Stale) return conflictPage(app, reply, user, { version, values, reference })
      return formPage(app, reply.code(422), user, { ...form, errors: [refusedAt(error)] })
    }
  })
}

type Save = { user: User; version: number; values: Values; reference: Reference }

/** Of one who is bound from now on, the sessions in unknown browsers end; one's own browser is known by that. */
async function save(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, { user, ...saved }: Save) {
  const isOneself = user.id === request.user?.id
  const own =
    isOneself && saved.values.is_device_bound ? await deviceOf({ app, request, reply }, user, 'approved') : null
  return app.db.transaction(async (trx) => {
    const isChanged = await restrict(trx, user, { ...saved, actor: request.actor })
    if (isChanged && saved.values.is_device_bound)
      await endSessionsOf(trx, user.id, isOneself ? request.sessionKey : null)
    if (own && own.status !== 'approved') await decide(trx, own, { status: 'approved', actor: request.actor })
    if (own) await trx('sessions').where({ token_hash: request.sessionKey }).update({ device_id: own.id })
    return isChanged
  })
}

function refusedAt(error: unknown): FieldError {
  const field = error instanceof Refusal && accessFields.find(({ name }) => name === error.field)
  if (!field) throw error
  return fieldError(field, error.message)
}

type Form = { typed: Body; version: number; reference: Reference; errors?: FieldError[] }

async function formPage(app: FastifyInstance, reply: FastifyReply, user: User, form: Form) {
  const address = `/users/${user.id}`
  const groups = [{ title: '', fields: accessFields }]
  const view = formView({ id: 'access', action: `${address}/access`, groups, cancelHref: address, ...form })
  const history = await historyView(app.db, accessKind, user.id)
  return reply.page('people/devices/access', { title: t.of(user.name), history, ...view })
}

async function conflictPage(app: FastifyInstance, reply: FastifyReply, user: User, mine: Omit<Save, 'user'>) {
  const { values: yours, ...rest } = mine
  const theirs = await findRestrictions(app.db, user)
  const address = `/users/${user.id}`
  return sendConflict(app.db, reply, accessKind, {
    theirs,
    yours,
    ...rest,
    path: `${address}/access`,
    backHref: address,
  })
}
