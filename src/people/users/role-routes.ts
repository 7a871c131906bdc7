import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { text } from '../../kernel/texts/index.ts'
import { sendConflict } from '../../kernel/web/conflict.ts'
import { type Body, type FieldError, formView, readForm, written } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { type RecordKind, Stale, takeChoices, versionIn } from '../../kernel/web/record.ts'
import { fields, userKind } from './fields.ts'
import { refusedAt } from './form.ts'
import { findUser, saveUser, type User } from './user.ts'

const t = text.roles.assign
const rolesOnly: RecordKind = { ...userKind, fields: [fields.role] }
const options = { config: { permission: 'roles.assign' }, schema: { params: idParams } } as const

/** Which roles a person has: all that one may change who gives rights but keeps no accounts. */
export function userRoleRoutes(app: FastifyInstance) {
  const path = '/users/:id/roles'

  app.get<IdParams>(path, options, async (request, reply) => {
    const user = await findUser(app.db, request.params.id)
    return page(request, reply, user, { typed: written(rolesOnly.fields, user), version: user.version })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const user = await findUser(app.db, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    const typed = takeChoices(rolesOnly, request.body, user)
    const version = versionIn(typed)
    const { values, errors } = readForm(rolesOnly.fields, typed, reference)
    if (errors.length > 0) return page(request, reply.code(422), user, { typed, version, errors })
    try {
      const save = { version, values, actor: request.actor, reference }
      const isChanged = await app.db.transaction((trx) => saveUser(trx, user, save))
      await request.flash(isChanged ? t.done(user.name, shown(values, reference)) : text.users.unchanged)
      return reply.redirect(request.can('users.view') ? `/users/${user.id}` : `/users/${user.id}/roles`, 303)
    } catch (error) {
      if (!(error instanceof Stale)) {
        return page(request, reply.code(422), user, { typed, version, errors: refusedAt(error) })
      }
      const theirs = await findUser(app.db, user.id)
      const address = `/users/${user.id}/roles`
      const parts = { theirs, yours: values, version, reference, path: address, backHref: address }
      return sendConflict(app.db, reply, rolesOnly, parts)
    }
  })

  type Form = { typed: Body; version: number; errors?: FieldError[] }
  async function page(request: FastifyRequest, reply: FastifyReply, user: User, form: Form) {
    const view = formView({
      id: 'user',
      action: `/users/${user.id}/roles`,
      cancelHref: `/users/${user.id}`,
      groups: [{ title: t.hint, fields: rolesOnly.fields }],
      reference: await referenceAt(app.db, request.revision),
      ...form,
    })
    return reply.page('shared/form', { title: t.title(user.name), ...view })
  }
}

const shown = ({ role_id }: Body, reference: Reference) =>
  fields.role.kind.show(role_id, fields.role, reference) || t.none
