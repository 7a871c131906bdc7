import { copyFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Knex } from 'knex'
import { addFile, deleteFile, findFile, type StoredFile } from '../../kernel/files/file.ts'
import { kinds } from '../../kernel/files/kinds.ts'
import { sendFile } from '../../kernel/files/serve.ts'
import {
  fileFolder,
  incomingPath,
  moveInto,
  newStorageName,
  removeStored,
  storedPath,
} from '../../kernel/files/storage.ts'
import { type StoredContent, storeUpload, uploadSent } from '../../kernel/files/upload.ts'
import type { Body } from '../../kernel/web/form.ts'
import { type IdParams, idParams } from '../../kernel/web/params.ts'
import { notFound, Refusal } from '../../kernel/web/refusal.ts'
import { idempotent } from '../../kernel/web/submissions.ts'
import { text } from '../../texts/index.ts'
import { attachmentsOf, findMailing, holderOf, type Mailing, refuseStarted } from '../mailings/mailing.ts'
import { mailingPage } from '../mailings/mailing-page.ts'
import { filesOfRecord, kind, mostBytes, mostMegabytes } from './attachable.ts'
import { findMessage } from './messages.ts'

const t = text.mail
const id = idParams.properties.id
const attachmentParams = { type: 'object', required: ['id', 'attachment'], properties: { id, attachment: id } } as const
type AttachmentParams = { Params: { id: number; attachment: number } }

/** Files that go with a message: uploaded to the draft, or taken from those of the record it is written at. */
export function attachmentRoutes(app: FastifyInstance) {
  const folder = fileFolder(app.config.dataDir)
  const config = { permission: 'mail.create' as const }
  const one = { config, schema: { params: idParams } }
  const ofDraft = { config, schema: { params: attachmentParams } }
  const ofMessage = { config: { permission: 'mail.view' as const }, schema: { params: attachmentParams } }

  app.post<IdParams>('/mailings/:id/attachments', one, async (request, reply) => {
    const mailing = await draft(request)
    try {
      const left = mostBytes - (await sizeOf(app.db, mailing))
      const most = { bytes: left, sentence: t.tooLarge(mostMegabytes) }
      const { formId, content } = await storeUpload(request, folder, kinds[kind], most)
      await keep(request, mailing, uploadSent(formId, content), [content])
      await request.flash(t.attached(content.name))
      return reply.redirect(`/mailings/${mailing.id}`, 303)
    } catch (error) {
      if (!(error instanceof Refusal) || !error.field) throw error
      return mailingPage(app, request, reply.code(422), mailing, error.message)
    }
  })

  app.post<IdParams & { Body: Body }>('/mailings/:id/customer-files', one, async (request, reply) => {
    const mailing = await draft(request)
    const chosen = new Set([request.body.files ?? []].flat().map(Number))
    const files = (await filesOfRecord(app.db, request, mailing)).filter(({ id }) => chosen.has(id))
    const added = files.reduce((sum, { size_bytes }) => sum + size_bytes, 0)
    if (files.length === 0) return mailingPage(app, request, reply.code(422), mailing, text.files.none)
    if ((await sizeOf(app.db, mailing)) + added > mostBytes)
      return mailingPage(app, request, reply.code(422), mailing, t.tooLarge(mostMegabytes))
    const copies: StoredContent[] = []
    for (const file of files) copies.push(await copied(folder, file))
    await keep(request, mailing, request.body, copies)
    await request.flash(t.attached(text.common.listed(copies.map(({ name }) => name))))
    return reply.redirect(`/mailings/${mailing.id}`, 303)
  })

  app.post<AttachmentParams>('/mailings/:id/attachments/:attachment/deletion', ofDraft, async (request, reply) => {
    const mailing = await draft(request)
    const file = await findFile(app.db, holderOf(mailing), kind, request.params.attachment)
    await app.db.transaction(async (trx) => {
      await deleteFile(trx, holderOf(mailing), file, request.actor)
      await trx('files').where({ id: file.id }).update({ purged_at: new Date().toISOString() })
    })
    await request.flash(t.detached(file.name))
    return reply.redirect(`/mailings/${mailing.id}`, 303)
  })

  app.get<AttachmentParams>(
    '/mailings/:id/attachments/:attachment',
    { ...ofDraft, compress: false },
    async (request, reply) => {
      const mailing = await findMailing(app.db, request.params.id, request.viewer.id)
      return sendFile(reply, folder, await findFile(app.db, holderOf(mailing), kind, request.params.attachment))
    },
  )

  app.get<AttachmentParams>(
    '/mail/:id/attachments/:attachment',
    { ...ofMessage, compress: false },
    async (request, reply) => {
      const message = await findMessage(app.db, request.viewer, request.params.id)
      if (!mayRead(request, message.user_id)) throw notFound()
      const holder = holderOf({ id: message.mailing_id, subject: '' })
      return sendFile(reply, folder, await findFile(app.db, holder, kind, request.params.attachment))
    },
  )

  async function draft(request: FastifyRequest<{ Params: { id: number } }>): Promise<Mailing> {
    const mailing = await findMailing(app.db, request.params.id, request.viewer.id)
    refuseStarted(mailing)
    return mailing
  }

  /** Notes stored files down, or removes them when that fails or their form was sent before. */
  async function keep(request: FastifyRequest, mailing: Mailing, sent: Body, contents: StoredContent[]) {
    let isKept = false
    try {
      await idempotent(app.db, sent, async (trx) => {
        refuseStarted(await findMailing(trx, mailing.id, mailing.user_id))
        for (const content of contents) await addFile(trx, holderOf(mailing), kind, content, request.actor)
        isKept = true
        return `/mailings/${mailing.id}`
      })
    } catch (error) {
      isKept = false
      throw error
    } finally {
      if (!isKept) for (const { storage_name } of contents) await removeStored(folder, storage_name)
    }
  }
}

/** Whoever wrote a message reads what went with it; others need the right to see files. */
export const mayRead = ({ viewer }: FastifyRequest, author: number) => author === viewer.id || viewer.can('files.view')

async function sizeOf(db: Knex, mailing: Mailing): Promise<number> {
  return (await attachmentsOf(db, mailing)).reduce((sum, { size_bytes }) => sum + size_bytes, 0)
}

/** A copy, so that a message keeps what it was sent with. */
async function copied(folder: string, file: StoredFile): Promise<StoredContent> {
  const { name, content_type, size_bytes, sha256, width, height } = file
  const storage_name = newStorageName()
  const path = await incomingPath(folder)
  await copyFile(storedPath(folder, file.storage_name), path).catch(() => {
    throw new Refusal({ message: text.files.missing })
  })
  await moveInto(storedPath(folder, storage_name), path)
  return { name, content_type, size_bytes, sha256, width, height, storage_name }
}
