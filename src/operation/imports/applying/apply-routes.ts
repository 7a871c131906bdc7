import type { FastifyInstance } from 'fastify'
import { referenceAt } from '../../../kernel/reference.ts'
import type { Body } from '../../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../../kernel/web/params.ts'
import { stateOf, visibleImport } from '../import.ts'
import { beginWork } from '../jobs.ts'
import { readChoices } from '../mapping/choices.ts'
import { importAccess, mayChooseAll, mayTake } from '../rights.ts'

/** The right rows are taken in, or what was stopped is gone on with. */
export function takingRoutes(app: FastifyInstance) {
  const options = { config: importAccess(), schema: { params: idParams } }

  app.post<IdParams & { Body: Body }>('/imports/:id/execution', options, async (request, reply) => {
    const one = await visibleImport(app.db, request.viewer, request.params.id)
    const { actor } = request
    const state = stateOf(one)
    mayTake(request, one)
    if (state === 'checked' && one.rows_right > 0) {
      const saved = readChoices(request, one, await referenceAt(app.db, request.revision))
      await beginWork(app, one.id, { from: ['checked'], to: 'taking', saved, actor })
    } else if (state === 'cancelled' || state === 'interrupted') {
      mayChooseAll(request, one, one)
      await beginWork(app, one.id, { from: [], to: one.state as 'taking', actor })
    }
    return reply.redirect(`/imports/${one.id}`, 303)
  })
}
