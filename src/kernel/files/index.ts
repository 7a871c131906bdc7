import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { recordEvent } from '../history/history.ts'
import { fileCreationRoutes } from './creation.ts'
import { fileDeletionRoutes } from './deletion.ts'
import { findFile } from './file.ts'
import { type FilePlace, type RecordsWithFiles, recordsOf } from './holder.ts'
import { type FileKind, kinds } from './kinds.ts'
import { filesPage } from './page.ts'
import { type FileParams, fileParams, filesPath, filesTab, type RecordParams, recordParams } from './path.ts'
import { sendFile, sendThumbnail } from './serve.ts'
import { fileFolder } from './storage.ts'

/** Files and pictures of the records of a module: looked at, uploaded, given back, deleted. */
export const fileRoutes = (records: RecordsWithFiles) =>
  fileRoutesAt({ path: records.path, kinds: records.kinds, of: () => records, right: (permission) => permission })

/** The same of several modules whose addresses are alike. */
export const fileRoutesAt = (place: FilePlace) => async (app: FastifyInstance) => {
  await app.register(multipart, { throwFileSizeLimit: false })
  const options = { config: { permission: place.right('files.view') }, schema: { params: recordParams } }
  app.get<RecordParams>(filesTab(`${place.path}/:recordId`), options, async (request, reply) => {
    const records = place.of(request)
    const record = await records.find(app.db, request.viewer, request.params.recordId, 'files.view')
    return reply.page(...(await filesPage(app, request, records, record)))
  })
  for (const kind of place.kinds) {
    fileCreationRoutes(app, place, kind)
    fileServingRoutes(app, place, kind)
    fileDeletionRoutes(app, place, kind)
  }
}

function fileServingRoutes(app: FastifyInstance, place: FilePlace, kind: FileKind) {
  const path = `${filesPath(`${place.path}/:recordId`, kind)}/:id`
  const permission = `${kinds[kind].module}.view` as const
  const config = { permission: place.right(permission) }
  const options = { config, schema: { params: fileParams }, compress: false as const }
  const folder = fileFolder(app.config.dataDir)
  const find = async (request: FastifyRequest<FileParams>) => {
    const { viewer, params } = request
    const records = recordsOf(place, request, kind)
    const holder = records.eventOf(await records.find(app.db, viewer, params.recordId, permission))
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
