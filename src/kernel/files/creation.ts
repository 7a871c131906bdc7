import type { FastifyInstance, FastifyRequest } from 'fastify'
import { text } from '../../texts/index.ts'
import { isOnCard } from '../web/on-card.ts'
import { Refusal } from '../web/refusal.ts'
import { idempotent } from '../web/submissions.ts'
import { addFile } from './file.ts'
import { type FilePlace, recordsOf } from './holder.ts'
import { type FileKind, kinds } from './kinds.ts'
import { filesPage } from './page.ts'
import { filesPath, filesTab, type RecordParams, recordParams } from './path.ts'
import { fileFolder, removeStored } from './storage.ts'
import { type StoredContent, storeUpload, uploadSent } from './upload.ts'

/** Takes an uploaded file; one that is refused comes back to the tab with the reason at its field. */
export function fileCreationRoutes(app: FastifyInstance, place: FilePlace, kind: FileKind) {
  const permission = `${kinds[kind].module}.create` as const
  const options = { config: { permission: place.right(permission) }, schema: { params: recordParams } }
  const folder = fileFolder(app.config.dataDir)

  app.post<RecordParams>(filesPath(`${place.path}/:recordId`, kind), options, async (request, reply) => {
    const records = recordsOf(place, request, kind)
    const record = await records.find(app.db, request.viewer, request.params.recordId, permission)
    const message = records.whyNot?.(kind, record)
    if (message) throw new Refusal({ message })
    try {
      const { formId, content } = await storeUpload(request, folder, kinds[kind])
      const location = await keep(request, { recordId: record.id, formId, content })
      await request.flash(text.files.uploaded(content.name))
      return reply.redirect(location, 303)
    } catch (error) {
      if (!(error instanceof Refusal) || !error.field) throw error
      return reply.code(422).page(...(await filesPage(app, request, records, record, { kind, message: error.message })))
    }
  })

  type Kept = { recordId: number; formId: unknown; content: StoredContent }

  /** Notes the stored file down, or removes it when that fails or its form was sent before. */
  async function keep(request: FastifyRequest, { recordId, formId, content }: Kept): Promise<string> {
    const records = recordsOf(place, request, kind)
    let isKept = false
    try {
      return await idempotent(app.db, uploadSent(formId, content), async (trx) => {
        const record = await records.find(trx, request.viewer, recordId, permission)
        await addFile(trx, records.eventOf(record), kind, content, request.actor)
        isKept = true
        const card = `${records.path}/${recordId}`
        return isOnCard(request.query) ? card : filesTab(card)
      })
    } catch (error) {
      isKept = false
      throw error
    } finally {
      if (!isKept) await removeStored(folder, content.storage_name)
    }
  }
}
