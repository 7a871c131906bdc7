import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Body, typedIn } from '../../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../../kernel/web/params.ts'
import { Refusal } from '../../../kernel/web/refusal.ts'
import { text } from '../../../texts/index.ts'
import { fileProblem } from '../checking/problems.ts'
import { type Columns, changeKind, type Import, visibleImport } from '../import.ts'
import { beginWork } from '../jobs.ts'
import type { ImportKind } from '../kind.ts'
import { importKinds, kindNamed, kindOf } from '../kinds.ts'
import { readSource } from '../reading/source.ts'
import { importAccess, kindsFor, making, mayTake, mayTakeKind } from '../rights.ts'
import { importFolder } from '../work.ts'
import { mappingView, proposedColumns, readMapping, rememberTargets } from './mapping.ts'

/** What each column is; then the file is checked. Whether what rows hang on is made where it is missing is asked afterwards. */
export function mappingRoutes(app: FastifyInstance) {
  const options = { config: importAccess(), schema: { params: idParams } }
  const path = '/imports/:id/mapping'

  app.get<IdParams>(path, options, async (request, reply) => {
    const one = await visibleImport(app.db, request.viewer, request.params.id)
    return isOpen(one)
      ? reply.page('operation/imports/mapping', mappingView(one, kindsFor(request)))
      : toImport(reply, one)
  })

  app.post<IdParams & { Body: Body }>(path, options, async (request, reply) => {
    const one = await visibleImport(app.db, request.viewer, request.params.id)
    if (!isOpen(one)) throw new Refusal({ status: 409, message: text.imports.wrongState })
    const { targets, errors } = readMapping(one, request.body)
    const columns = { ...one.columns, targets }
    mayTake(request, { ...one, columns })
    if (errors.length > 0)
      return reply
        .code(422)
        .page('operation/imports/mapping', mappingView({ ...one, columns }, kindsFor(request), errors))
    const work = { from: ['mapping', 'checked'], to: 'checking', saved: { columns }, actor: request.actor } as const
    await beginWork(app, one.id, work, (trx) => rememberTargets(trx, kindOf(one), columns))
    return toImport(reply, one)
  })

  app.post<IdParams & { Body: Body }>('/imports/:id/kind', options, async (request, reply) => {
    const one = await visibleImport(app.db, request.viewer, request.params.id)
    const kind = kindNamed(typedIn(request.body, 'kind')) ?? (importKinds()[0] as ImportKind)
    mayTakeKind(request, kind)
    if (!isOpen(one)) throw new Refusal({ status: 409, message: text.imports.wrongState })
    const columns = await columnsAs(app, one, kind)
    await change(app, one, kind, columns)
    return reply.redirect(`/imports/${one.id}/mapping`, 303)
  })

  app.post<IdParams & { Body: Body }>('/imports/:id/source', options, async (request, reply) => {
    const one = await visibleImport(app.db, request.viewer, request.params.id)
    mayTake(request, one)
    if (!isOpen(one)) throw new Refusal({ status: 409, message: text.imports.wrongState })
    const source = readSource(one.columns, request.body)
    try {
      const columns = await proposedColumns(app.db, pathOf(app, one), kindOf(one), source)
      await change(app, one, kindOf(one), columns)
    } catch (error) {
      const message = fileProblem(error)
      if (!message || (error instanceof Refusal && !error.field)) throw error
      const columns = { ...one.columns, source }
      const errors = [{ field: 'sheet', label: text.imports.source.title, message }]
      return reply
        .code(422)
        .page('operation/imports/mapping', mappingView({ ...one, columns }, kindsFor(request), errors))
    }
    return reply.redirect(`/imports/${one.id}/mapping`, 303)
  })

  app.post<IdParams>('/imports/:id/missing-records', options, async (request, reply) => {
    const one = await visibleImport(app.db, request.viewer, request.params.id)
    const { columns } = making(one)
    mayTake(request, { ...one, columns })
    await beginWork(app, one.id, { from: ['checked'], to: 'checking', saved: { columns }, actor: request.actor })
    return toImport(reply, one)
  })
}

/** The file looked at anew: which row has the headings depends on what they are to say. */
async function columnsAs(app: FastifyInstance, one: Import, kind: ImportKind): Promise<Columns> {
  try {
    return await proposedColumns(app.db, pathOf(app, one), kind, one.columns.source)
  } catch (error) {
    const message = fileProblem(error)
    if (!message) throw error
    throw new Refusal({ status: 409, message })
  }
}

/** Only while nobody works on it. */
async function change(app: FastifyInstance, one: Import, kind: ImportKind, columns: Columns) {
  const isChanged = await app.db.transaction((trx) => changeKind(trx, one, kind.name, columns))
  if (!isChanged) throw new Refusal({ status: 409, message: text.imports.wrongState })
}

const pathOf = ({ config }: FastifyInstance, { stored_name }: Import) =>
  join(importFolder(config.dataDir), stored_name ?? '')
const isOpen = ({ state }: Import) => state === 'mapping' || state === 'checked'
const toImport = (reply: FastifyReply, { id }: Import) => reply.redirect(`/imports/${id}`, 303)
