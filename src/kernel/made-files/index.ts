import { open } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { text } from '../../texts/index.ts'
import { showSize } from '../files/size.ts'
import { storedPath } from '../files/storage.ts'
import { recordEvent } from '../history/history.ts'
import { referenceAt } from '../reference.ts'
import { showInstant } from '../web/formatting.ts'
import { attachment } from '../web/list-export.ts'
import { listRoutes } from '../web/list-routes.ts'
import { type IdParams, idParams } from '../web/params.ts'
import { Refusal } from '../web/refusal.ts'
import { madeFileList, stateCell } from './list.ts'
import { daysKept, expiryOf, findMadeFile, type MadeFile, madeFolder, removeMadeFile } from './made-file.ts'
import { mayStillRead } from './rights.ts'

const t = text.madeFiles
const folder = '/tools/files'
const options = { config: { permission: 'signed-in' as const }, schema: { params: idParams } }

/** Files that the program made, under the tools [S16]: their list, a page for each, the file itself, and its removal. */
export async function madeFileRoutes(app: FastifyInstance) {
  const { db, config } = app
  listRoutes(app, madeFileList)

  app.get<IdParams>(`${folder}/:id`, options, async (request, reply) => {
    const file = await findMadeFile(db, request.viewer, request.params.id)
    const reference = await referenceAt(db, request.revision)
    return reply.page('kernel/made-files/show', {
      title: file.name,
      refresh: file.state === 'making' ? 2 : null,
      file: fileView(file, reference.person(file.user_id)?.name ?? ''),
    })
  })

  app.get<IdParams>(`${folder}/:id/content`, { ...options, compress: false }, async (request, reply) => {
    const file = await findMadeFile(db, request.viewer, request.params.id)
    if (file.state !== 'ready') return reply.redirect(`${folder}/${file.id}`, 303)
    if (!mayStillRead(request.viewer, file.permission, file.rights))
      throw new Refusal({ status: 403, message: t.rightsChanged })
    await recordEvent(db, request.actor, { action: 'export', ...named(file) })
    return sendContent(reply, config.dataDir, file)
  })

  app.get<IdParams>(`${folder}/:id/deletion`, options, async (request, reply) => {
    const { id, name } = await findMadeFile(db, request.viewer, request.params.id)
    const confirm = {
      title: t.removal,
      text: t.removalText(name),
      action: `${folder}/${id}/deletion`,
      submitLabel: text.actions.delete,
      isDanger: true,
      cancelHref: `${folder}/${id}`,
    }
    return reply.page('shared/confirm', { title: confirm.title, confirm })
  })

  app.post<IdParams>(`${folder}/:id/deletion`, options, async (request, reply) => {
    const file = await findMadeFile(db, request.viewer, request.params.id)
    await db.transaction(async (trx) => {
      await removeMadeFile(trx, config.dataDir, file)
      await recordEvent(trx, request.actor, { action: 'delete', ...named(file) })
    })
    await request.flash(t.removed(file.name))
    return reply.redirect(folder, 303)
  })
}

const named = ({ id, name }: MadeFile) => ({ record_type: 'made_files', record_id: id, record_name: name })

function fileView(file: MadeFile, madeBy: string) {
  const isReady = file.state === 'ready'
  return {
    state: stateCell(file),
    said: isReady ? t.ready(daysKept) : t[file.state as 'making' | 'failed'],
    size: file.size_bytes === null ? '' : showSize(file.size_bytes),
    madeBy,
    createdAt: showInstant(file.created_at),
    expiresAt: showInstant(expiryOf(file)),
    href: `${folder}/${file.id}`,
    isMaking: file.state === 'making',
    isReady,
  }
}

async function sendContent(reply: FastifyReply, dataDir: string, { name, storage_name }: MadeFile) {
  const content = await open(storedPath(madeFolder(dataDir), String(storage_name))).catch((error) => {
    if (error.code !== 'ENOENT') throw error
    throw new Refusal({ status: 404, message: t.gone })
  })
  const ending = name.split('.').at(-1) ?? ''
  reply
    .header('content-disposition', attachment(`file.${ending}`, name))
    .header('content-length', (await content.stat()).size)
    .header('cache-control', 'private, no-store')
  return reply.type('application/octet-stream').send(content.createReadStream())
}
