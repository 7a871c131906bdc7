import { rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordEvent } from '../../kernel/history/history.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { idempotent } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { fileProblem } from './checking/problems.ts'
import { addImport } from './import.ts'
import type { ImportKind } from './kind.ts'
import { importKinds } from './kinds.ts'
import { proposedColumns } from './mapping/mapping.ts'
import { uploadView } from './page.ts'
import { importAccess, kindsFor, mayTakeKind } from './rights.ts'
import { storeUpload, type Upload } from './upload.ts'
import { importFolder } from './work.ts'

/** A file comes in. */
export function uploadRoutes(app: FastifyInstance) {
  const config = importAccess()

  app.get<{ Querystring: { kind?: string } }>('/imports/new', { config }, (request, reply) => {
    const kinds = kindsFor(request)
    const allowed = importKinds().find(({ permission }) => request.can(permission))
    if (kinds.length === 0 && allowed) mayTakeKind(request, allowed)
    const asked = kinds.find(({ name }) => name === request.query.kind)
    return reply.page('operation/imports/new', uploadView(request, asked))
  })

  app.post('/imports', { config }, async (request, reply) => {
    let kind: ImportKind | undefined
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
    mayTakeKind(request, upload.kind)
    const asked = await proposedColumns(db, path, upload.kind)
    // Cards are of people, whatever was ticked.
    const kind = (asked.isOfCards && kindsFor(request).find(({ isOfCards }) => isOfCards)) || upload.kind
    const columns = kind === upload.kind ? asked : await proposedColumns(db, path, kind)
    const location = await idempotent(db, { form_id: formId, kind: kind.name, file_name, sha256 }, async (trx) => {
      const id = await addImport(trx, { user_id, kind: kind.name, file_name, stored_name, columns })
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

function refuseUpload(request: FastifyRequest, reply: FastifyReply, kind: ImportKind | undefined, error: unknown) {
  const message = fileProblem(error)
  if (!message || (error instanceof Refusal && !error.field)) throw error
  const errors = [{ field: 'file', label: text.imports.file, message }]
  return reply.code(422).page('operation/imports/new', uploadView(request, kind, errors))
}
