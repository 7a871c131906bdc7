import { existsSync } from 'node:fs'
import { join } from 'node:path'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { referenceAt } from '../../kernel/reference.ts'
import { datedName } from '../../kernel/web/dated-name.ts'
import { attachment } from '../../kernel/web/list-export.ts'
import { listPage } from '../../kernel/web/list-page.ts'
import { readListQuery } from '../../kernel/web/list-query.ts'
import { listRoutes } from '../../kernel/web/list-routes.ts'
import { listView } from '../../kernel/web/list-view.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { forbidden, notFound } from '../../kernel/web/refusal.ts'
import { text } from '../../texts/index.ts'
import { takingRoutes } from './applying/apply-routes.ts'
import { doubtfulRows } from './checking/findings.ts'
import { type Import, visibleImport } from './import.ts'
import { importKinds, kindNamed, kindOf } from './kinds.ts'
import { errorList, importList, keptList, madeList } from './list.ts'
import { mappingRoutes } from './mapping/mapping-routes.ts'
import { templateFile } from './mapping/template.ts'
import { importView } from './page.ts'
import { doubtfulRowsFile, wrongRowsFile } from './reading/returned-rows.ts'
import { importAccess } from './rights.ts'
import { countKept } from './undoing/undo.ts'
import { undoRoutes } from './undoing/undo-routes.ts'
import { uploadRoutes } from './upload-routes.ts'
import { importFolder } from './work.ts'

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Records out of a spreadsheet: upload, say what the columns are, check, look, take, undo. */
export async function importRoutes(app: FastifyInstance) {
  await app.register(multipart, { throwFileSizeLimit: false })
  const config = importAccess()
  const options = { config, schema: { params: idParams } }
  listRoutes(app, importList())
  uploadRoutes(app)
  mappingRoutes(app)
  takingRoutes(app)
  undoRoutes(app)

  for (const path of new Set(importKinds().map(({ template }) => template.split('?')[0] as string)))
    app.get<{ Querystring: { kind?: string } }>(path, { config, compress: false }, (request, reply) => {
      const { kind: asked } = request.query
      const kind = asked ? kindNamed(asked) : importKinds().find(({ template }) => template === path)
      if (!kind) throw notFound()
      if (!request.can(kind.permission)) throw forbidden()
      const { name, file } = templateFile(kind)
      return named(reply, kind.name, `${name}.xlsx`).send(file)
    })

  app.get<IdParams>('/imports/:id', options, async (request, reply) => {
    const one = await visibleImport(app.db, request.viewer, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    const kept = one.state === 'undone' ? await countKept(app.db, one.id) : 0
    const list = kept > 0 ? keptList(one.id, kindOf(one)) : one.rows_wrong > 0 ? errorList(one.id) : null
    const view = importView(request, one, reference, kept)
    if (!list) return reply.page('operation/imports/show', view)
    const query = readListQuery(list, request.query as Record<string, unknown>, { reference, viewer: request.viewer })
    const page = await listPage(app.db, list, query)
    return reply.page('operation/imports/show', { ...view, list: listView(request, list, query, page, reference) })
  })

  app.get<IdParams>('/imports/:id/records', options, async (request, reply) => {
    const one = await visibleImport(app.db, request.viewer, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    const list = madeList(one.id, kindOf(one))
    const query = readListQuery(list, request.query as Record<string, unknown>, { reference, viewer: request.viewer })
    const page = await listPage(app.db, list, query)
    return reply.page('shared/list', { title: list.title, list: listView(request, list, query, page, reference) })
  })

  const files = {
    'wrong-rows': { title: text.imports.wrongRows, rows: (one: Import) => one.rows_wrong, file: wrongRowsFile },
    'doubtful-rows': {
      title: text.imports.notes.oddTitle,
      rows: (one: Import) => doubtfulRows(one.evidence),
      file: doubtfulRowsFile,
    },
  }
  for (const [path, { title, rows, file }] of Object.entries(files))
    app.get<IdParams>(`/imports/:id/${path}.xlsx`, { ...options, compress: false }, async (request, reply) => {
      const one = await visibleImport(app.db, request.viewer, request.params.id)
      const folder = importFolder(app.config.dataDir)
      if (!one.stored_name || rows(one) === 0 || !existsSync(join(folder, one.stored_name))) throw notFound()
      const name = `${title} ${one.file_name.replace(/\.\w+$/, '')}`
      const event = { action: 'export', record_type: 'imports', record_id: one.id }
      await recordEvent(app.db, request.actor, { ...event, record_name: `${rows(one)} ${name}` })
      return named(reply, path, datedName(name, 'xlsx')).send(file(app.db, { folder, one }))
    })
}

function named(reply: FastifyReply, plain: string, name: string) {
  reply.header('content-disposition', attachment(`${plain}.xlsx`, name))
  return reply.type(xlsx).header('cache-control', 'no-store')
}
