import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { type Saving, takeEdit } from '../../kernel/web/edit.ts'
import { type Body, type FieldError, written } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { historyView } from '../../kernel/web/record.ts'
import { endSessionsOf } from '../../kernel/web/session.ts'
import { text } from '../../texts/index.ts'
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
    const taken = await takeEdit(app, request, reply, {
      kind: accessKind,
      before: await findRestrictions(app.db, user),
      find: () => findRestrictions(app.db, user),
      path: `/users/${user.id}/access`,
      backHref: `/users/${user.id}`,
      save: (trx, saving) => save({ db: trx, app, request, reply }, user, saving),
      again: (reply, sent) => formPage(app, reply, user, sent),
    })
    if (!taken) return reply
    await request.flash(taken.saved ? t.saved(user.name) : t.unchanged)
    return reply.redirect(`/users/${user.id}`, 303)
  })
}

/** Of one who is bound from now on, the sessions in unknown browsers end; one's own browser is known by that. */
async function save(from: Required<Parameters<typeof deviceOf>[0]>, user: User, saving: Saving) {
  const { db: trx, request } = from
  const isOneself = user.id === request.user?.id
  const isBound = saving.values.is_device_bound
  const own = isOneself && isBound ? await deviceOf(from, user, 'approved') : null
  const isChanged = await restrict(trx, user, saving)
  if (isChanged && isBound) await endSessionsOf(trx, user.id, isOneself ? request.sessionKey : null)
  if (own && own.status !== 'approved') await decide(trx, own, { status: 'approved', actor: request.actor })
  if (own) await trx('sessions').where({ token_hash: request.sessionKey }).update({ device_id: own.id })
  return isChanged
}

type Form = { typed: Body; version: number; reference: Reference; errors?: FieldError[] }

async function formPage(app: FastifyInstance, reply: FastifyReply, user: User, form: Form) {
  const address = `/users/${user.id}`
  const groups = [{ title: '', fields: accessFields }]
  const view = formView({ id: 'access', action: `${address}/access`, groups, cancelHref: address, ...form })
  const history = await historyView(app.db, accessKind, user.id)
  return reply.page('people/devices/access', { title: t.of(user.name), history, ...view })
}
