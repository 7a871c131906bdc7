import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendPicture } from '../../kernel/files/serve.ts'
import { fileFolder, removeStored } from '../../kernel/files/storage.ts'
import { type StoredContent, storeUpload, uploadSent } from '../../kernel/files/upload.ts'
import type { Body } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { refuseStale } from '../../kernel/web/record.ts'
import { Refusal } from '../../kernel/web/refusal.ts'
import { idempotent } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import {
  addPicture,
  findPicture,
  type PictureName,
  pathOf,
  pictureLimits,
  pictureNames,
  removePicture,
} from './pictures.ts'
import type { Refused } from './view.ts'

type Show = (request: FastifyRequest, reply: FastifyReply, refused: Refused) => Promise<FastifyReply>

/** Our logo and our seal: looked at, put in the place of the one before, taken away. */
export function pictureRoutes(app: FastifyInstance, show: Show) {
  const folder = fileFolder(app.config.dataDir)
  const viewing = { config: { permission: 'company.view' as const }, schema: { params: idParams } }

  app.get<IdParams>('/company/pictures/:id', { ...viewing, compress: false }, async (request, reply) =>
    sendPicture(reply, folder, await findPicture(app.db, request.params.id)),
  )
  // It stands on the sign-in page.
  const everybody = {
    config: { permission: 'public' as const },
    schema: { params: idParams },
    compress: false as const,
  }
  app.get<IdParams>('/company/logo/:id', everybody, async (request, reply) =>
    sendPicture(reply, folder, await findPicture(app.db, request.params.id, 'logo'), true),
  )
  for (const kind of pictureNames) uploadRoute(app, kind, show)
  removalRoutes(app)
}

function uploadRoute(app: FastifyInstance, kind: PictureName, show: Show) {
  const folder = fileFolder(app.config.dataDir)
  app.post(`/company/${kind}`, { config: { permission: 'company.update' } }, async (request, reply) => {
    try {
      const { formId, content } = await storeUpload(request, folder, pictureLimits[kind])
      const location = await keep(request, formId, content)
      await request.flash(text.files.uploaded(text.company.pictures[kind]))
      return reply.redirect(location, 303)
    } catch (error) {
      if (!(error instanceof Refusal) || !error.field) throw error
      return show(request, reply.code(422), { kind, message: error.message })
    }
  })

  /** Notes the stored picture down, or removes it when that fails or its form was sent before. */
  async function keep(request: FastifyRequest, formId: unknown, content: StoredContent): Promise<string> {
    let isKept = false
    try {
      return await idempotent(app.db, uploadSent(formId, content), async (trx) => {
        await addPicture(trx, kind, content, request.actor)
        isKept = true
        return '/company'
      })
    } catch (error) {
      isKept = false
      throw error
    } finally {
      if (!isKept) await removeStored(folder, content.storage_name)
    }
  }
}

function removalRoutes(app: FastifyInstance) {
  const changing = { config: { permission: 'company.update' as const }, schema: { params: idParams } }
  const path = '/company/pictures/:id/deletion'

  app.get<IdParams>(path, changing, async (request, reply) => {
    const picture = await findPicture(app.db, request.params.id)
    const label = text.company.pictures[picture.kind]
    const confirm = {
      title: text.company.removal(label),
      text: text.company.removalText(label),
      details: [text.company.removalDetails],
      action: `${pathOf(picture)}/deletion`,
      submitLabel: text.actions.delete,
      isDanger: true,
      cancelHref: '/company',
      hidden: [{ name: 'version', value: String(picture.version) }],
    }
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams & { Body: Body }>(path, changing, async (request, reply) => {
    const kind = await app.db.transaction(async (trx) => {
      const picture = await findPicture(trx, request.params.id)
      refuseStale(request.body, picture)
      await removePicture(trx, picture, request.actor)
      return picture.kind
    })
    await request.flash(text.files.deleted(text.company.pictures[kind]))
    return reply.redirect('/company', 303)
  })
}
