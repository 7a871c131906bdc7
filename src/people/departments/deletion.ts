import type { FastifyInstance } from 'fastify'
import { text } from '../../kernel/texts/index.ts'
import type { Body } from '../../kernel/web/form.ts'
import { showCount } from '../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale, Stale } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { contentOf, findDepartment, removeDepartment, type StoredDepartment } from './department.ts'

const t = text.departments

/** A department goes when nobody works in it and nothing is below it; otherwise the page says what to do first. */
export function departmentDeletionRoutes(app: FastifyInstance) {
  const options = { config: { permission: 'departments.delete' as const }, schema: { params: idParams } }

  app.get<IdParams>('/departments/:id/deletion', options, async (request, reply) => {
    const department = await findDepartment(app.db, request.params.id)
    return reply.page('people/departments/deletion', await deletionView(department))
  })

  app.post<IdParams & { Body: Body }>('/departments/:id/deletion', options, async (request, reply) => {
    const department = await findDepartment(app.db, request.params.id)
    try {
      await app.db.transaction(async (trx) => {
        refuseStale(request.body ?? {}, department)
        await removeDepartment(trx, department, request.actor)
      })
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof Stale)) throw error
      const warning = error instanceof Refusal ? error.message : text.record.stale
      const now = await deletionView(await findDepartment(app.db, department.id))
      return reply
        .code(422)
        .page('people/departments/deletion', { ...now, flash: [{ kind: 'warning', text: warning }] })
    }
    await request.flash(t.deleted(department.name))
    return reply.redirect('/departments', 303)
  })

  async function deletionView({ id, name, version }: StoredDepartment) {
    const { people, below, left } = await contentOf(app.db, id)
    const title = t.deletion(name)
    const reasons = [
      ...(people > 0
        ? [{ text: t.hasPeople(showCount(people)), href: `/users?department_id=${id}`, label: t.showPeople }]
        : []),
      ...(below > 0 ? [{ text: t.hasBelow(showCount(below)), href: '/departments', label: t.showBelow }] : []),
    ]
    const confirm = {
      title,
      text: t.deletionText(name),
      details: [...t.deletionDetails, ...(left > 0 ? [t.leftPeople(showCount(left))] : [])],
      action: `/departments/${id}/deletion`,
      submitLabel: text.actions.delete,
      isDanger: true,
      cancelHref: '/departments',
      hidden: [{ name: 'version', value: String(version) }],
    }
    return { title, reasons, confirm }
  }
}
