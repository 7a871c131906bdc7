import { rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { text } from '../../kernel/texts/index.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { once } from '../../kernel/web/submissions.ts'
import { fileProblem } from './checking/problems.ts'
import { addImport } from './import.ts'
import { proposedColumns } from './mapping/mapping.ts'
import type { ImportKind } from './mapping/targets.ts'
import { uploadView } from './page.ts'
import { kindsFor, mayTake } from './rights.ts'
import { storeUpload, type Upload } from './upload.ts'
import { importFolder } from './work.ts'

/** A file comes in. */
export function uploadRoutes(app: FastifyInstance) {
  const config = { permission: 'customers.import' } as const

  app.get('/imports/new', { config }, (request, reply) => {
    if (kindsFor(request).length === 0) mayTake(request, { kind: 'customers' })
    return reply.page('operation/imports/new', uploadView(request))
  })

  app.post('/imports', { config }, async (request, reply) => {
    let kind: ImportKind = 'customers'
    try {
      const upload = await storeUpload(request, importFolder(app.config.dataDir))
      kind = upload.kind
      return reply.redirect(await keepUpload(app, upload, request), 303)
    } catch (error) {
      return refuseUpload(request, reply, kind, error)
    }
  })
}

/** Notes down a stored file that can be read; removes any other, and one whose form was sent before. */
async function keepUpload({ db }: FastifyInstance, upload: Upload, request: FastifyRequest): Promise<string> {
  const { path, formId, file_name, stored_name, sha256 } = upload
  const user_id = request.user?.id as number
  let isKept = false
  try {
    mayTake(request, { kind: upload.kind })
    const asked = await proposedColumns(db, path, upload.kind)
    // Cards are of people, whatever was ticked.
    const kind = asked.isOfCards && kindsFor(request).includes('contacts') ? 'contacts' : upload.kind
    const columns = kind === upload.kind ? asked : await proposedColumns(db, path, kind)
    const location = await once(db, { form_id: formId, kind, file_name, sha256 }, async (trx) => {
      const id = await addImport(trx, { user_id, kind, file_name, stored_name, columns })
      const event = { action: 'upload', record_type: 'imports', record_id: id, record_name: file_name }
      await recordEvent(trx, request.actor, event)
      isKept = true
      return `/imports/${id}/mapping`
    })
    return location
  } finally {
    if (!isKept) await rm(path, { force: true })
  }
}

function refuseUpload(request: FastifyRequest, reply: FastifyReply, kind: ImportKind, error: unknown) {
  const message = fileProblem(error)
  if (!message || (error instanceof Refusal && !error.field)) throw error
  const errors = [{ field: 'file', label: text.imports.file, message }]
  return reply.code(422).page('operation/imports/new', uploadView(request, kind, errors))
}
