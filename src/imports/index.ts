import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { referenceAt } from '../reference.ts'
import { text } from '../texts/index.ts'
import { listPage } from '../web/list-page.ts'
import { readListQuery } from '../web/list-query.ts'
import { listRoutes } from '../web/list-routes.ts'
import { listView } from '../web/list-view.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { Refusal } from '../web/refusal.ts'
import { once } from '../web/submissions.ts'
import { addImport, claimImport, findImport, type Import } from './import.ts'
import { errorList, importList } from './list.ts'
import { importView, uploadView } from './page.ts'
import { fileProblem } from './problems.ts'
import { inspectSheet } from './sheet.ts'
import { templateFile } from './template.ts'
import { storeUpload, type Upload, uploadLimits } from './upload.ts'
import { importWork } from './work.ts'

/** Long enough that an ordinary file is done when its page comes. */
const patience = 800

/** Customers out of a spreadsheet: upload, check, look, take. */
export async function importRoutes(app: FastifyInstance) {
  await app.register(multipart, { limits: uploadLimits, throwFileSizeLimit: false })
  const config = { permission: 'customers.import' } as const
  const options = { config, schema: { params: idParams } }
  const folder = join(app.config.dataDir, 'imports')
  const work = importWork(app, folder)
  const workAwhile = (one: Import, { actor }: FastifyRequest) => Promise.race([work(one, actor), pause(patience)])

  listRoutes(app, importList)
  app.get('/imports/new', { config }, (_request, reply) => reply.page('imports/new', uploadView()))

  app.get('/imports/template.xlsx', { config, compress: false }, (_request, reply) => {
    const name = encodeURIComponent(`${text.imports.templateName}.xlsx`)
    reply.header('content-disposition', `attachment; filename="customers.xlsx"; filename*=UTF-8''${name}`)
    return reply.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').send(templateFile())
  })

  app.post('/imports', { config }, async (request, reply) => {
    try {
      const upload = await storeUpload(request, folder)
      const { location, made } = await keepUpload(app, upload, request.user?.id as number)
      if (made) await workAwhile(made, request)
      return reply.redirect(location, 303)
    } catch (error) {
      return refuseUpload(reply, error)
    }
  })

  app.get<IdParams>('/imports/:id', options, async (request, reply) => {
    const one = await findImport(app.db, request.params.id)
    const reference = await referenceAt(app.db, request.revision)
    const list = errorList(one.id)
    const query = readListQuery(list, request.query as Record<string, unknown>, reference)
    const page = await listPage(app.db, list, query)
    const errors = one.rows_wrong > 0 ? { list: listView(request, list, query, page, reference) } : {}
    return reply.page('imports/show', { ...importView(one, reference), ...errors })
  })

  app.post<IdParams>('/imports/:id/execution', options, async (request, reply) => {
    const claimed = await claimImport(app.db, request.params.id)
    if (claimed) await workAwhile(claimed, request)
    return reply.redirect(`/imports/${request.params.id}`, 303)
  })
}

/** Notes down a stored file that can be read; removes any other, and one whose form was sent before. */
async function keepUpload({ db }: FastifyInstance, { path, formId, file_name, stored_name }: Upload, user_id: number) {
  let id: number | undefined
  try {
    const unknown = await inspectSheet(path)
    const location = await once(db, formId, async (trx) => {
      id = await addImport(trx, { user_id, file_name, stored_name, unknown })
      return `/imports/${id}`
    })
    return { location, made: id === undefined ? undefined : await findImport(db, id) }
  } finally {
    if (id === undefined) await rm(path, { force: true })
  }
}

function refuseUpload(reply: FastifyReply, error: unknown) {
  const message = fileProblem(error)
  if (!message || (error instanceof Refusal && !error.field)) throw error
  const errors = [{ field: 'file', label: text.imports.file, message }]
  return reply.code(422).page('imports/new', uploadView(errors))
}
