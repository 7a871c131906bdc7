import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findCustomer } from '../../customers/customers/customer.ts'
import { text } from '../texts/index.ts'
import { Refusal } from '../web/refusal.ts'
import { once } from '../web/submissions.ts'
import { addFile } from './file.ts'
import { holderOf } from './holder.ts'
import { type FileKind, fits, kinds } from './kinds.ts'
import { filesPage } from './page.ts'
import { type CustomerParams, customerParams, filesPath } from './path.ts'
import { fileFolder, removeStored } from './storage.ts'
import { type StoredContent, storeUpload, uploadSent } from './upload.ts'

/** Takes an uploaded file; one that is refused comes back to the tab with the reason at its field. */
export function fileCreationRoutes(app: FastifyInstance, kind: FileKind) {
  const config = { permission: `${kinds[kind].module}.create` as const }
  const options = { config, schema: { params: customerParams } }
  const folder = fileFolder(app.config.dataDir)

  app.post<CustomerParams>(filesPath(':customerId', kind), options, async (request, reply) => {
    const customer = await findCustomer(app.db, request.viewer, request.params.customerId, config.permission)
    if (!fits(kind, customer)) throw new Refusal({ message: text.files.onlyPersons })
    try {
      const { formId, content } = await storeUpload(request, folder, kinds[kind])
      const location = await keep(request, { customerId: customer.id, kind, formId, content })
      await request.flash(text.files.uploaded(content.name))
      return reply.redirect(location, 303)
    } catch (error) {
      if (!(error instanceof Refusal) || !error.field) throw error
      return reply.code(422).page(...(await filesPage(app, request, customer, { kind, message: error.message })))
    }
  })

  type Kept = { customerId: number; kind: FileKind; formId: unknown; content: StoredContent }

  /** Notes the stored file down, or removes it when that fails or its form was sent before. */
  async function keep(request: FastifyRequest, { customerId, kind, formId, content }: Kept): Promise<string> {
    let isKept = false
    try {
      return await once(app.db, uploadSent(formId, content), async (trx) => {
        const holder = holderOf(await findCustomer(trx, request.viewer, customerId, config.permission))
        await addFile(trx, holder, kind, content, request.actor)
        isKept = true
        return `/customers/${customerId}/files`
      })
    } catch (error) {
      isKept = false
      throw error
    } finally {
      if (!isKept) await removeStored(folder, content.storage_name)
    }
  }
}
