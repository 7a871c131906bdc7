import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Knex } from 'knex'
import { isUniqueViolation } from '../../kernel/db/dialect.ts'
import { type Reference, referenceAt } from '../../kernel/reference.ts'
import { takeEdit } from '../../kernel/web/edit.ts'
import { type Body, type FieldError, fieldError, readForm, typedIn, written } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { idempotent } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { nameField, roleFields, roleKind } from './fields.ts'
import { roleForm } from './form.ts'
import { noRights } from './rights.ts'
import { addRole, findRole, isFixed, type Role, saveRole } from './role.ts'

const t = text.roles

/** New roles, also as a copy of one that is there, and changes of what they may do. */
export function roleFormRoutes(app: FastifyInstance) {
  const creating = { config: { permission: 'roles.create' as const } }
  const updating = { config: { permission: 'roles.update' as const }, schema: { params: idParams } }

  app.get<{ Querystring: Body }>('/roles/new', creating, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    return newPage(reply, { typed: await copied(app.db, typedIn(request.query, 'from')), reference })
  })

  app.post<{ Body: Body }>('/roles', creating, async (request, reply) => {
    const typed = request.body
    const reference = await referenceAt(app.db, request.revision)
    const { values, errors } = readForm(roleFields(), typed, reference)
    if (errors.length > 0) return newPage(reply.code(422), { typed, errors, reference })
    const by = { actor: request.actor, reference }
    try {
      const address = await idempotent(app.db, typed, async (trx) => `/roles/${await addRole(trx, values, by)}`)
      await request.flash(t.saved(String(values.name)))
      return reply.redirect(address, 303)
    } catch (error) {
      return newPage(reply.code(422), { typed, errors: refused(error), reference })
    }
  })

  app.get<IdParams>('/roles/:id/edit', updating, async (request, reply) => {
    const role = await changeable(app.db, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    return editPage(reply, role, { typed: written(roleFields(), role), version: role.version, reference })
  })

  app.post<IdParams & { Body: Body }>('/roles/:id', updating, async (request, reply) => {
    const role = await changeable(app.db, request.params.id)
    const taken = await takeEdit(app, request, reply, {
      kind: { ...roleKind, fields: roleFields() },
      before: role,
      find: () => findRole(app.db, role.id),
      path: `/roles/${role.id}`,
      read: (typed, reference) => readForm(roleFields(), typed, reference),
      save: (trx, saving) => saveRole(trx, role, saving),
      again: (reply, sent) => editPage(reply, role, sent),
      refused,
    })
    if (!taken) return reply
    await request.flash(taken.saved ? t.saved(String(taken.values.name)) : t.unchanged)
    return reply.redirect(`/roles/${role.id}`, 303)
  })
}

async function changeable(db: Knex, id: number): Promise<Role> {
  const role = await findRole(db, id)
  if (isFixed(role)) throw new Refusal({ status: 409, message: t.isFixed })
  return role
}

/** What stands in the form of a new role: nothing, or the rights of the one it is copied from. */
async function copied(db: Knex, from: string): Promise<Body> {
  if (!/^[1-9]\d{0,8}$/.test(from)) return written(roleFields(), noRights())
  const role = await findRole(db, Number(from))
  return written(roleFields(), { ...role, name: t.copyOf(role.name) })
}

function refused(error: unknown): FieldError[] {
  if (isUniqueViolation(error)) return [fieldError(nameField, t.taken)]
  if (error instanceof Refusal && error.field) return [fieldError(nameField, error.message)]
  throw error
}

type Form = { typed: Body; errors?: FieldError[]; reference: Reference }
type Edit = Form & { version: number }

const newPage = (reply: FastifyReply, form: Form) =>
  reply.page('people/roles/form', roleForm({ title: t.create, action: '/roles', cancelHref: '/roles', ...form }))

function editPage(reply: FastifyReply, { id, name }: Role, form: Edit) {
  const address = `/roles/${id}`
  return reply.page(
    'people/roles/form',
    roleForm({ title: t.edit(name), action: address, cancelHref: address, ...form }),
  )
}
