import type { FastifyInstance, FastifyRequest } from 'fastify'
import { registerDeskSection } from '../../kernel/desk/sections.ts'
import { findRecord } from '../../kernel/modules/records.ts'
import { saveChecked } from '../../kernel/modules/saving.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { text } from '../../texts/index.ts'
import { deskTodos } from './desk.ts'
import { cameFrom, todoModule } from './todo.ts'

const t = text.todos

/** Saying of one that it is done, or is not after all; from the list, the card and the workbench. */
export async function todoRoutes(app: FastifyInstance) {
  registerDeskSection(5, ({ db }, request) => deskTodos(db, request))
  const options = { config: { permission: 'todos.update' as const }, schema: { params: idParams } }

  app.post<IdParams>('/todos/:id/completion', options, async (request, reply) => {
    await request.flash(t.saidDone(await turn(request, 'done')))
    return reply.redirect(cameFrom(request, `/todos/${request.params.id}`), 303)
  })

  app.post<IdParams>('/todos/:id/reopening', options, async (request, reply) => {
    await request.flash(t.saidReopened(await turn(request, 'open')))
    return reply.redirect(cameFrom(request, `/todos/${request.params.id}`), 303)
  })

  /** Answers what it is about; said twice it is done once. */
  async function turn(request: FastifyRequest<IdParams>, state: 'open' | 'done'): Promise<string> {
    const { actor, viewer, params } = request
    const reference = await referenceAt(app.db, request.revision)
    return app.db.transaction(async (trx) => {
      const module = todoModule()
      const record = await findRecord(trx, module, viewer, params.id, 'update')
      const whole = Object.fromEntries(module.fields.map(({ name }) => [name, record[name] ?? null]))
      if (record.state !== state)
        await saveChecked({ trx, actor, viewer, reference }, module, record, {
          version: record.version,
          values: { ...whole, state },
        })
      return String(record.subject)
    })
  }
}
