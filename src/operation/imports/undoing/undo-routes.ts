import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { showCount } from '../../../kernel/web/formatting.ts'
import { type IdParams, idParams } from '../../../kernel/web/params.ts'
import { Refusal } from '../../../kernel/web/refusal.ts'
import { text } from '../../../texts/index.ts'
import type { Taken } from '../applying/applied.ts'
import { type Import, visibleImport } from '../import.ts'
import { beginWork } from '../jobs.ts'
import { kindOf } from '../kinds.ts'
import { isUndoable } from '../page.ts'
import { importAccess, mayUndo } from '../rights.ts'

/** An import is taken back as a whole, after a page that says what will happen. */
export function undoRoutes(app: FastifyInstance) {
  const options = { config: importAccess(), schema: { params: idParams } }
  const path = '/imports/:id/undo'

  app.get<IdParams>(path, options, async (request, reply) => {
    const one = await undoable(app.db, request)
    return reply.page('shared/confirm', { title: text.imports.undo.title, confirm: await confirmView(app.db, one) })
  })

  app.post<IdParams>(path, options, async (request, reply) => {
    const one = await undoable(app.db, request)
    await beginWork(app, one.id, { from: ['done', 'taking'], to: 'undoing', actor: request.actor })
    return reply.redirect(`/imports/${one.id}`, 303)
  })
}

async function undoable(db: Knex, request: FastifyRequest<IdParams>): Promise<Import> {
  const one = await visibleImport(db, request.viewer, request.params.id)
  if (!mayUndo(request, one)) throw new Refusal({ status: 403, message: text.imports.undo.forbidden })
  if (!isUndoable(one)) throw new Refusal({ status: 409, message: text.imports.wrongState })
  return one
}

async function confirmView(db: Knex, one: Import) {
  const { id, file_name } = one
  const { makes, undoing, words } = kindOf(one)
  const count = async (values: Partial<Pick<Taken, 'action' | 'record_type'>>) => {
    const row = await db('import_rows')
      .where({ import_id: id, ...values })
      .count({ row_count: '*' })
      .first()
    return showCount(Number(row?.row_count ?? 0))
  }
  const made: string[] = []
  for (const { record_type, action } of undoing.filter(({ action }) => action === 'create')) {
    const sort = makes.find(({ type }) => type === record_type)
    made.push(sort?.counted(await count({ action, record_type })) ?? '')
  }
  return {
    title: text.imports.undo.title,
    text: text.imports.undo.text(file_name),
    details: text.imports.undo.details({ made, changed: await count({ action: 'change' }), kept: words.keptNote }),
    action: `/imports/${id}/undo`,
    submitLabel: text.imports.undo.act,
    isDanger: true,
    cancelHref: `/imports/${id}`,
    hidden: [],
  }
}
