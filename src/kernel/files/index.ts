import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findCustomer } from '../../customers/customers/customer.ts'
import { recordEvent } from '../history/history.ts'
import { text } from '../texts/index.ts'
import { fileCreationRoutes } from './creation.ts'
import { fileDeletionRoutes } from './deletion.ts'
import { findFile } from './file.ts'
import { holderOf } from './holder.ts'
import { type FileKind, kindNames, kinds } from './kinds.ts'
import { filesPage } from './page.ts'
import { type CustomerParams, customerParams, type FileParams, fileParams, filesPath } from './path.ts'
import { sendFile, sendThumbnail } from './serve.ts'
import { fileFolder } from './storage.ts'

/** Files and pictures of customers: looked at, uploaded, given back, deleted. */
export async function fileRoutes(app: FastifyInstance) {
  await app.register(multipart, { throwFileSizeLimit: false })
  const options = { config: { permission: 'files.view' as const }, schema: { params: customerParams } }
  app.get<CustomerParams>('/customers/:customerId/files', options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, 'files.view')
    return reply.page(...(await filesPage(app, request, customer)))
  })
  for (const kind of kindNames) {
    fileCreationRoutes(app, kind)
    fileServingRoutes(app, kind)
    fileDeletionRoutes(app, kind)
  }
}

function fileServingRoutes(app: FastifyInstance, kind: FileKind) {
  const path = `${filesPath(':customerId', kind)}/:id`
  const config = { permission: `${kinds[kind].module}.view` as const }
  const options = { config, schema: { params: fileParams }, compress: false as const }
  const folder = fileFolder(app.config.dataDir)
  const find = async ({ viewer, params }: FastifyRequest<FileParams>) => {
    const holder = holderOf(await findCustomer(app.db, viewer, params.customerId, config.permission))
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
