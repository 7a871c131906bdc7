import type { FastifyInstance } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { showInstant } from '../../kernel/web/formatting.ts'
import { text } from '../../texts/index.ts'
import { chartOf } from './chart.ts'
import { departmentRows } from './tree.ts'

/** The tree of departments, its order, and on paper with everyone in it. */
export async function departmentRoutes(app: FastifyInstance) {
  app.get('/departments', { config: { permission: 'departments.view' } }, async (request, reply) => {
    const rows = await departmentRows(app.db, await referenceAt(app.db, request.revision))
    const isPrinted = rows.length > 0 && request.can('departments.print')
    const actions = [
      ...(request.can('departments.create')
        ? [{ label: text.departments.create, href: '/departments/new', kind: 'primary' }]
        : []),
      ...(isPrinted ? [{ label: text.departments.chart, href: '/departments/print', kind: 'plain' }] : []),
    ]
    return reply.page('people/departments/index', { title: text.departments.title, rows, actions })
  })

  app.get('/departments/print', { config: { permission: 'departments.print' } }, async (request, reply) => {
    const reference = await referenceAt(app.db, request.revision)
    await recordEvent(app.db, request.actor, { action: 'print', record_type: 'departments' })
    return reply.page('people/departments/print', {
      title: text.departments.chart,
      madeAt: showInstant(new Date()),
      chart: await chartOf(app.db, reference),
    })
  })
}
