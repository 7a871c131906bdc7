import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { type Body, type FieldError, written } from '../../kernel/web/form.ts'
import { formView } from '../../kernel/web/form-view.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import type { RecordKind } from '../../kernel/web/record.ts'
import { text } from '../../texts/index.ts'
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
    const taken = await takeEdit(app, request, reply, {
      kind: rolesOnly,
      before: user,
      find: () => findUser(app.db, user.id),
      path: `/users/${user.id}/roles`,
      save: (trx, saving) => saveUser(trx, user, saving),
      again: (reply, sent) => page(request, reply, user, sent),
      refused: refusedAt,
    })
    if (!taken) return reply
    const { values, saved, reference } = taken
    await request.flash(saved ? t.done(user.name, shown(values, reference)) : text.users.unchanged)
    return reply.redirect(request.can('users.view') ? `/users/${user.id}` : `/users/${user.id}/roles`, 303)
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
