import type { FastifyInstance } from 'fastify'
import type { Body } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { versionIn } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { findRole, type Role, removeRole, whyKept } from './role.ts'

const t = text.roles

/** A role that nobody holds goes for good, after a page that asks. */
export function roleDeletionRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'roles.delete' as const }, schema: { params: idParams } }
  const path = '/roles/:id/deletion'

  app.get<IdParams>(path, options, async (request, reply) => {
    const role = await findRole(app.db, request.params.id)
    const refusal = await whyKept(app.db, role)
    if (refusal) throw new Refusal({ status: 409, message: refusal })
    return reply.page('shared/confirm', { title: t.deletion, confirm: deletionView(role) })
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const role = await findRole(app.db, request.params.id)
    const removal = { version: versionIn(request.body), actor: request.actor }
    await app.db.transaction((trx) => removeRole(trx, role, removal))
    await request.flash(t.deleted(role.name))
    return reply.redirect('/roles', 303)
  })
}

const deletionView = ({ id, name, version }: Role) => ({
  title: t.deletion,
  text: t.deletionText(name),
  details: t.deletionDetails,
  action: `/roles/${id}/deletion`,
  submitLabel: t.confirm,
  isDanger: true,
  cancelHref: `/roles/${id}`,
  hidden: [{ name: 'version', value: String(version) }],
})
