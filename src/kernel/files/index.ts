import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recordEvent } from '../history/history.ts'
import { text } from '../texts/index.ts'
import { fileCreationRoutes } from './creation.ts'
import { fileDeletionRoutes } from './deletion.ts'
import { findFile } from './file.ts'
import type { RecordsWithFiles } from './holder.ts'
import { type FileKind, kinds } from './kinds.ts'
import { filesPage } from './page.ts'
import { type FileParams, fileParams, filesPath, filesTab, type RecordParams, recordParams } from './path.ts'
import { sendFile, sendThumbnail } from './serve.ts'
import { fileFolder } from './storage.ts'

/** Files and pictures of the records of a module: looked at, uploaded, given back, deleted. */
export const fileRoutes = (records: RecordsWithFiles) => async (app: FastifyInstance) => {
  await app.register(multipart, { throwFileSizeLimit: false })
  const options = { config: { permission: 'files.view' as const }, schema: { params: recordParams } }
  app.get<RecordParams>(filesTab(`${records.path}/:recordId`), options, async (request, reply) => {
    const record = await records.find(app.db, request.viewer, request.params.recordId, 'files.view')
    return reply.page(...(await filesPage(app, request, records, record)))
  })
  for (const kind of records.kinds) {
    fileCreationRoutes(app, records, kind)
    fileServingRoutes(app, records, kind)
    fileDeletionRoutes(app, records, kind)
  }
}

function fileServingRoutes(app: FastifyInstance, records: RecordsWithFiles, kind: FileKind) {
  const path = `${filesPath(`${records.path}/:recordId`, kind)}/:id`
  const config = { permission: `${kinds[kind].module}.view` as const }
  const options = { config, schema: { params: fileParams }, compress: false as const }
  const folder = fileFolder(app.config.dataDir)
  const find = async ({ viewer, params }: FastifyRequest<FileParams>) => {
    const holder = records.eventOf(await records.find(app.db, viewer, params.recordId, config.permission))
    return { holder, file: await findFile(app.db, holder, kind, params.id) }
  }

  app.get<FileParams>(path, options, async (request, reply) => {
    const { holder, file } = await find(request)
    if (kinds[kind].isPrivate) {
      const record_name = text.files.viewed(holder.record_name, text.files.kinds[kind])
      await recordEvent(app.db, request.actor, {
        action: 'view',
        record_type: 'files',
        record_id: file.id,
        record_name,
      })
    }
    return sendFile(reply, folder, file)
  })

  if (kinds[kind].isPicture)
    app.get<FileParams>(`${path}/thumbnail`, options, async (request, reply) => {
      const { file } = await find(request)
      return sendThumbnail(reply, folder, file)
    })
}
